// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>Setters of levels and compaction.</summary>
public abstract unsafe partial class Options<T>
{
    public T SetCompactionStyle(Compaction value)
    {
        Native.rocksdb_options_set_compaction_style(Pointer, (int)value);
        return This;
    }

    public T SetNumLevels(int value)
    {
        Native.rocksdb_options_set_num_levels(Pointer, value);
        return This;
    }

    public T SetLevel0FileNumCompactionTrigger(int value)
    {
        Native.rocksdb_options_set_level0_file_num_compaction_trigger(Pointer, value);
        return This;
    }

    public T SetLevel0SlowdownWritesTrigger(int value)
    {
        Native.rocksdb_options_set_level0_slowdown_writes_trigger(Pointer, value);
        return This;
    }

    public T SetLevel0StopWritesTrigger(int value)
    {
        Native.rocksdb_options_set_level0_stop_writes_trigger(Pointer, value);
        return This;
    }

    public T SetTargetFileSizeBase(ulong value)
    {
        Native.rocksdb_options_set_target_file_size_base(Pointer, value);
        return This;
    }

    public T SetTargetFileSizeMultiplier(int value)
    {
        Native.rocksdb_options_set_target_file_size_multiplier(Pointer, value);
        return This;
    }

    public T SetMaxBytesForLevelBase(ulong value)
    {
        Native.rocksdb_options_set_max_bytes_for_level_base(Pointer, value);
        return This;
    }

    public T SetMaxBytesForLevelMultiplier(double value)
    {
        Native.rocksdb_options_set_max_bytes_for_level_multiplier(Pointer, value);
        return This;
    }

    public T SetLevelCompactionDynamicLevelBytes(bool value)
    {
        Native.rocksdb_options_set_level_compaction_dynamic_level_bytes(Pointer, Native.Flag(value));
        return This;
    }

    public T SetMaxCompactionBytes(ulong bytes)
    {
        Native.rocksdb_options_set_max_compaction_bytes(Pointer, bytes);
        return This;
    }

    public T SetSoftPendingCompactionBytesLimit(ulong value)
    {
        Native.rocksdb_options_set_soft_pending_compaction_bytes_limit(Pointer, (nuint)value);
        return This;
    }

    public T SetHardPendingCompactionBytesLimit(ulong value)
    {
        Native.rocksdb_options_set_hard_pending_compaction_bytes_limit(Pointer, (nuint)value);
        return This;
    }

    /// <summary>1 leaves compaction to <see cref="RocksDb.CompactRange(byte[], byte[], ColumnFamilyHandle)"/>.</summary>
    public T SetDisableAutoCompactions(int value)
    {
        Native.rocksdb_options_set_disable_auto_compactions(Pointer, value);
        return This;
    }
}
