// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Table format, cache, filter and prefix.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial nint rocksdb_block_based_options_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_destroy(nint options);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_size(nint options, nuint blockSize);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_size_deviation(nint options, int blockSizeDeviation);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_restart_interval(nint options, int blockRestartInterval);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_index_block_restart_interval(
        nint options, int indexBlockRestartInterval);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_metadata_block_size(nint options, ulong metadataBlockSize);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_partition_filters(nint options, byte partitionFilters);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_filter_policy(nint options, nint filterPolicy);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_no_block_cache(nint options, byte noBlockCache);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_block_cache(nint options, nint blockCache);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_whole_key_filtering(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_format_version(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_index_type(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_data_block_index_type(nint options, int value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_data_block_hash_ratio(nint options, double value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_cache_index_and_filter_blocks(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(
        nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial void rocksdb_block_based_options_set_pin_top_level_index_and_filter(nint options, byte value);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_cache_create_lru(nuint capacity);

    [LibraryImport(Library)]
    internal static partial void rocksdb_cache_destroy(nint cache);

    [LibraryImport(Library)]
    internal static partial void rocksdb_cache_set_capacity(nint cache, nuint capacity);

    [LibraryImport(Library)]
    internal static partial nuint rocksdb_cache_get_capacity(nint cache);

    [LibraryImport(Library)]
    internal static partial nuint rocksdb_cache_get_usage(nint cache);

    [LibraryImport(Library)]
    internal static partial nuint rocksdb_cache_get_pinned_usage(nint cache);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_filterpolicy_create_bloom(double bitsPerKey);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_filterpolicy_create_bloom_full(double bitsPerKey);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_filterpolicy_create_ribbon(double bloomEquivalentBitsPerKey);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_filterpolicy_create_ribbon_hybrid(double bloomEquivalentBitsPerKey, int bloomBeforeLevel);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_slicetransform_create_fixed_prefix(nuint value);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_slicetransform_create_noop();
}
