// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>Options of a database. It also takes column family options, for a database that has the default family only.</summary>
public sealed class DbOptions : Options<DbOptions>;

/// <summary>Setters of the options of a whole database; each returns the options again.</summary>
public abstract unsafe partial class Options<T> : OptionsHandle
    where T : Options<T>
{
    private T This
    {
        get
        {
            // Read by every setter after its native call: keeps the native object alive across it.
            GC.KeepAlive(this);
            return (T)this;
        }
    }

    public T SetCreateIfMissing(bool value = true)
    {
        Native.rocksdb_options_set_create_if_missing(Pointer, Native.Flag(value));
        return This;
    }

    public T SetCreateMissingColumnFamilies(bool value = true)
    {
        Native.rocksdb_options_set_create_missing_column_families(Pointer, Native.Flag(value));
        return This;
    }

    public T SetErrorIfExists(bool value = true)
    {
        Native.rocksdb_options_set_error_if_exists(Pointer, Native.Flag(value));
        return This;
    }

    public T SetParanoidChecks(bool value = true)
    {
        Native.rocksdb_options_set_paranoid_checks(Pointer, Native.Flag(value));
        return This;
    }

    /// <summary>Gives flushes and compactions this many threads in all.</summary>
    public T IncreaseParallelism(int totalThreads)
    {
        Native.rocksdb_options_increase_parallelism(Pointer, totalThreads);
        return This;
    }

    public T SetMaxBackgroundJobs(int value)
    {
        Native.rocksdb_options_set_max_background_jobs(Pointer, value);
        return This;
    }

    public T SetMaxSubcompactions(uint value)
    {
        Native.rocksdb_options_set_max_subcompactions(Pointer, value);
        return This;
    }

    /// <summary>Files kept open; -1 keeps all of them open.</summary>
    public T SetMaxOpenFiles(int value)
    {
        Native.rocksdb_options_set_max_open_files(Pointer, value);
        return This;
    }

    public T SetMaxFileOpeningThreads(int value)
    {
        Native.rocksdb_options_set_max_file_opening_threads(Pointer, value);
        return This;
    }

    /// <summary>Bytes of write-ahead log after which the oldest memtables are flushed; 0 lets the library choose.</summary>
    public T SetMaxTotalWalSize(ulong n)
    {
        Native.rocksdb_options_set_max_total_wal_size(Pointer, n);
        return This;
    }

    /// <summary>Bytes of memtables over all column families; 0 sets no common limit.</summary>
    public T SetDbWriteBufferSize(ulong size)
    {
        Native.rocksdb_options_set_db_write_buffer_size(Pointer, (nuint)size);
        return This;
    }

    public T SetBytesPerSync(ulong value)
    {
        Native.rocksdb_options_set_bytes_per_sync(Pointer, value);
        return This;
    }

    public T SetWalBytesPerSync(ulong value)
    {
        Native.rocksdb_options_set_wal_bytes_per_sync(Pointer, value);
        return This;
    }

    public T SetWalRecoveryMode(Recovery mode)
    {
        Native.rocksdb_options_set_wal_recovery_mode(Pointer, (int)mode);
        return This;
    }

    public T SetWalCompression(Compression value)
    {
        Native.rocksdb_options_set_wal_compression(Pointer, (int)value);
        return This;
    }

    /// <summary>Flushes the memtables of all column families together, so that they agree even where the write-ahead log is off.</summary>
    public T SetAtomicFlush(bool value)
    {
        Native.rocksdb_options_set_atomic_flush(Pointer, Native.Flag(value));
        return This;
    }

    public T SetManualWalFlush(bool value)
    {
        Native.rocksdb_options_set_manual_wal_flush(Pointer, Native.Flag(value));
        return This;
    }

    public T SetWALTtlSeconds(ulong value)
    {
        Native.rocksdb_options_set_WAL_ttl_seconds(Pointer, value);
        return This;
    }

    public T SetWALSizeLimitMB(ulong value)
    {
        Native.rocksdb_options_set_WAL_size_limit_MB(Pointer, value);
        return This;
    }

    public T SetRecycleLogFileNum(ulong value)
    {
        Native.rocksdb_options_set_recycle_log_file_num(Pointer, (nuint)value);
        return This;
    }

    public T SetMaxManifestFileSize(ulong value)
    {
        Native.rocksdb_options_set_max_manifest_file_size(Pointer, (nuint)value);
        return This;
    }

    public T SetEnablePipelinedWrite(bool value)
    {
        Native.rocksdb_options_set_enable_pipelined_write(Pointer, Native.Flag(value));
        return This;
    }

    public T SetUnorderedWrite(bool value)
    {
        Native.rocksdb_options_set_unordered_write(Pointer, Native.Flag(value));
        return This;
    }

    public T SetAllowConcurrentMemtableWrite(bool value)
    {
        Native.rocksdb_options_set_allow_concurrent_memtable_write(Pointer, Native.Flag(value));
        return This;
    }

    public T SetEnableWriteThreadAdaptiveYield(bool value)
    {
        Native.rocksdb_options_set_enable_write_thread_adaptive_yield(Pointer, Native.Flag(value));
        return This;
    }
}
