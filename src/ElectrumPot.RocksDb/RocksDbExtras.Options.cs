// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

public abstract unsafe partial class Options<T>
{
    /// <summary>Compression of the last level, where nearly all data is.</summary>
    public T SetBottommostCompression(Compression value)
    {
        Native.rocksdb_options_set_bottommost_compression(Pointer, (int)value);
        return This;
    }

    /// <param name="level">Level of the algorithm of <see cref="SetBottommostCompression"/>; 32767 is its default.</param>
    /// <param name="maxDictBytes">Largest dictionary in bytes; 0 for none.</param>
    public T SetBottommostCompressionOptions(int level, int maxDictBytes)
    {
        const int DefaultWindowBits = -14;
        Native.rocksdb_options_set_bottommost_compression_options(Pointer, DefaultWindowBits, level, 0, maxDictBytes, 1);
        return This;
    }

    /// <summary>Lets the filter of <see cref="SetMemtablePrefixBloomSizeRatio"/> answer for whole keys as well.</summary>
    public T SetMemtableWholeKeyFiltering(bool value)
    {
        Native.rocksdb_options_set_memtable_whole_key_filtering(Pointer, Native.Flag(value));
        return This;
    }
}

public sealed unsafe partial class BlockBasedTableOptions
{
    public BlockBasedTableOptions SetIndexBlockRestartInterval(int value)
    {
        Native.rocksdb_block_based_options_set_index_block_restart_interval(Pointer, value);
        return This;
    }

    public BlockBasedTableOptions SetMetadataBlockSize(ulong bytes)
    {
        Native.rocksdb_block_based_options_set_metadata_block_size(Pointer, bytes);
        return This;
    }

    /// <summary>Splits filters into blocks; needs <see cref="BlockBasedTableIndexType.TwoLevelIndexSearch"/>.</summary>
    public BlockBasedTableOptions SetPartitionFilters(bool value)
    {
        Native.rocksdb_block_based_options_set_partition_filters(Pointer, Native.Flag(value));
        return This;
    }

    /// <summary>Adds a hash index to data blocks for faster point reads.</summary>
    /// <param name="enable">Whether to add it.</param>
    /// <param name="utilization">Keys per hash bucket.</param>
    public BlockBasedTableOptions SetDataBlockHashIndex(bool enable, double utilization = 0.75)
    {
        Native.rocksdb_block_based_options_set_data_block_index_type(Pointer, enable ? 1 : 0);
        Native.rocksdb_block_based_options_set_data_block_hash_ratio(Pointer, utilization);
        return This;
    }

    public BlockBasedTableOptions SetCacheIndexAndFilterBlocksWithHighPriority(bool value)
    {
        Native.rocksdb_block_based_options_set_cache_index_and_filter_blocks_with_high_priority(Pointer, Native.Flag(value));
        return This;
    }

    public BlockBasedTableOptions SetPinTopLevelIndexAndFilter(bool value)
    {
        Native.rocksdb_block_based_options_set_pin_top_level_index_and_filter(Pointer, Native.Flag(value));
        return This;
    }
}

public sealed unsafe partial class IngestExternalFileOptions
{
    /// <summary>Puts the rows below all present ones, which keep precedence. Needs SetAllowIngestBehind on the database.</summary>
    public IngestExternalFileOptions SetIngestBehind(bool value)
    {
        Native.rocksdb_ingestexternalfileoptions_set_ingest_behind(Pointer, Native.Flag(value));
        GC.KeepAlive(this);
        return this;
    }
}
