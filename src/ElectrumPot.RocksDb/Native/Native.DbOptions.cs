// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Options of the whole database.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial nint rocksdb_options_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_increase_parallelism(nint options, int totalThreads);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_create_if_missing(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_create_missing_column_families(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_error_if_exists(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_paranoid_checks(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_info_log_level(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_db_write_buffer_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_open_files(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_file_opening_threads(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_total_wal_size(nint options, ulong n);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_enable_statistics(nint options);

    [LibraryImport(Library)]
    internal static partial byte* rocksdb_options_statistics_get_string(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_skip_stats_update_on_db_open(nint options, byte val);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_subcompactions(nint options, uint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_background_jobs(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_log_file_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_keep_log_file_num(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_recycle_log_file_num(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_manifest_file_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_table_cache_numshardbits(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_use_fsync(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_WAL_ttl_seconds(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_WAL_size_limit_MB(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_allow_mmap_reads(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_allow_mmap_writes(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_use_direct_reads(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_use_direct_io_for_flush_and_compaction(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_stats_dump_period_sec(nint options, uint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_advise_random_on_open(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_bytes_per_sync(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_wal_bytes_per_sync(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_allow_concurrent_memtable_write(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_enable_write_thread_adaptive_yield(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_enable_pipelined_write(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_unordered_write(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_delete_obsolete_files_period_micros(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_wal_recovery_mode(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_atomic_flush(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_manual_wal_flush(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_wal_compression(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_avoid_unnecessary_blocking_io(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_compaction_readahead_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_allow_ingest_behind(nint options, byte value);
}
