// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>Setters of how the database uses files, and what it logs and counts.</summary>
public abstract unsafe partial class Options<T>
{
    public T SetTableCacheNumShardbits(int value)
    {
        Native.rocksdb_options_set_table_cache_numshardbits(Pointer, value);
        return This;
    }

    public T SetUseFsync(int value)
    {
        Native.rocksdb_options_set_use_fsync(Pointer, value);
        return This;
    }

    public T SetAllowMmapReads(bool value)
    {
        Native.rocksdb_options_set_allow_mmap_reads(Pointer, Native.Flag(value));
        return This;
    }

    public T SetAllowMmapWrites(bool value)
    {
        Native.rocksdb_options_set_allow_mmap_writes(Pointer, Native.Flag(value));
        return This;
    }

    public T SetUseDirectReads(bool value)
    {
        Native.rocksdb_options_set_use_direct_reads(Pointer, Native.Flag(value));
        return This;
    }

    public T SetUseDirectIoForFlushAndCompaction(bool value)
    {
        Native.rocksdb_options_set_use_direct_io_for_flush_and_compaction(Pointer, Native.Flag(value));
        return This;
    }

    public T SetAdviseRandomOnOpen(bool value)
    {
        Native.rocksdb_options_set_advise_random_on_open(Pointer, Native.Flag(value));
        return This;
    }

    /// <summary>Leaves the deletion of obsolete files to background threads instead of the thread that drops an iterator.</summary>
    public T SetAvoidUnnecessaryBlockingIO(bool value)
    {
        Native.rocksdb_options_set_avoid_unnecessary_blocking_io(Pointer, Native.Flag(value));
        return This;
    }

    public T SetDeleteObsoleteFilesPeriodMicros(ulong value)
    {
        Native.rocksdb_options_set_delete_obsolete_files_period_micros(Pointer, value);
        return This;
    }

    public T SetCompactionReadaheadSize(ulong size)
    {
        Native.rocksdb_options_compaction_readahead_size(Pointer, (nuint)size);
        return This;
    }

    /// <summary>Reserves a place below all rows for files ingested behind them; must hold from the creation of the database on.</summary>
    public T SetAllowIngestBehind(bool value)
    {
        Native.rocksdb_options_set_allow_ingest_behind(Pointer, Native.Flag(value));
        return This;
    }

    public T SkipStatsUpdateOnOpen(bool val = false)
    {
        Native.rocksdb_options_set_skip_stats_update_on_db_open(Pointer, Native.Flag(val));
        return This;
    }

    public T SetInfoLogLevel(InfoLogLevel value)
    {
        Native.rocksdb_options_set_info_log_level(Pointer, (int)value);
        return This;
    }

    public T SetMaxLogFileSize(ulong value)
    {
        Native.rocksdb_options_set_max_log_file_size(Pointer, (nuint)value);
        return This;
    }

    public T SetKeepLogFileNum(ulong value)
    {
        Native.rocksdb_options_set_keep_log_file_num(Pointer, (nuint)value);
        return This;
    }

    public T SetStatsDumpPeriodSec(uint value)
    {
        Native.rocksdb_options_set_stats_dump_period_sec(Pointer, value);
        return This;
    }

    /// <summary>Makes the library count; read the counts by <see cref="GetStatisticsString"/> of the same options object.</summary>
    public T EnableStatistics()
    {
        Native.rocksdb_options_enable_statistics(Pointer);
        return This;
    }

    /// <summary>The counters as text, one per line, or null where <see cref="EnableStatistics"/> was not called.</summary>
    public string? GetStatisticsString()
    {
        string? text = Native.TakeString(Native.rocksdb_options_statistics_get_string(Pointer));
        GC.KeepAlive(this);
        return text;
    }
}
