// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Options of one column family.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_compression(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_block_based_table_factory(nint options, nint tableOptions);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_optimize_for_point_lookup(nint options, ulong blockCacheSizeMb);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_optimize_level_style_compaction(nint options, ulong memtableMemoryBudget);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_merge_operator(nint options, nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_uint64add_merge_operator(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_compression_per_level(nint options, int* levelValues, nuint numLevels);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_bottommost_compression(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_compression_options(
        nint options, int windowBits, int level, int strategy, int maxDictBytes);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_bottommost_compression_options(
        nint options, int windowBits, int level, int strategy, int maxDictBytes, byte enabled);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_write_buffer_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_prefix_extractor(nint options, nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_num_levels(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_level0_file_num_compaction_trigger(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_level0_slowdown_writes_trigger(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_level0_stop_writes_trigger(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_target_file_size_base(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_target_file_size_multiplier(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_bytes_for_level_base(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_level_compaction_dynamic_level_bytes(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_bytes_for_level_multiplier(nint options, double value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_write_buffer_number(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_min_write_buffer_number_to_merge(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_soft_pending_compaction_bytes_limit(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_hard_pending_compaction_bytes_limit(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_arena_block_size(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_sequential_skip_in_iterations(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_disable_auto_compactions(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_optimize_filters_for_hits(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_prepare_for_bulk_load(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_memtable_vector_rep(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_memtable_prefix_bloom_size_ratio(nint options, double value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_memtable_whole_key_filtering(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_compaction_bytes(nint options, ulong value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_compaction_style(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_max_successive_merges(nint options, nuint value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_options_set_bloom_locality(nint options, uint value);
}
