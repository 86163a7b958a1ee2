// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>The format of table files, their filter and their cache.</summary>
public sealed unsafe partial class BlockBasedTableOptions
{
    private readonly NativeHandle _handle = new(Native.rocksdb_block_based_options_create(), &Native.rocksdb_block_based_options_destroy);

    internal nint Pointer => _handle.Pointer;

    private BlockBasedTableOptions This
    {
        get
        {
            // Read by every setter after its native call: keeps the native object alive across it.
            GC.KeepAlive(this);
            return this;
        }
    }

    /// <summary>Bytes of a block before compression.</summary>
    public BlockBasedTableOptions SetBlockSize(ulong blockSize)
    {
        Native.rocksdb_block_based_options_set_block_size(Pointer, (nuint)blockSize);
        return This;
    }

    public BlockBasedTableOptions SetBlockSizeDeviation(int blockSizeDeviation)
    {
        Native.rocksdb_block_based_options_set_block_size_deviation(Pointer, blockSizeDeviation);
        return This;
    }

    public BlockBasedTableOptions SetBlockRestartInterval(int blockRestartInterval)
    {
        Native.rocksdb_block_based_options_set_block_restart_interval(Pointer, blockRestartInterval);
        return This;
    }

    public BlockBasedTableOptions SetFilterPolicy(BloomFilterPolicy filterPolicy)
    {
        Native.rocksdb_block_based_options_set_filter_policy(Pointer, filterPolicy.CreateNative());
        return This;
    }

    public BlockBasedTableOptions SetNoBlockCache(bool noBlockCache)
    {
        Native.rocksdb_block_based_options_set_no_block_cache(Pointer, Native.Flag(noBlockCache));
        return This;
    }

    /// <summary>One cache may serve many column families and databases.</summary>
    public BlockBasedTableOptions SetBlockCache(Cache blockCache)
    {
        Native.rocksdb_block_based_options_set_block_cache(Pointer, blockCache.Pointer);
        GC.KeepAlive(blockCache);
        return This;
    }

    public BlockBasedTableOptions SetWholeKeyFiltering(bool wholeKeyFiltering)
    {
        Native.rocksdb_block_based_options_set_whole_key_filtering(Pointer, Native.Flag(wholeKeyFiltering));
        return This;
    }

    public BlockBasedTableOptions SetFormatVersion(int formatVersion)
    {
        Native.rocksdb_block_based_options_set_format_version(Pointer, formatVersion);
        return This;
    }

    public BlockBasedTableOptions SetIndexType(BlockBasedTableIndexType indexType)
    {
        Native.rocksdb_block_based_options_set_index_type(Pointer, (int)indexType);
        return This;
    }

    public BlockBasedTableOptions SetCacheIndexAndFilterBlocks(bool cacheIndexAndFilterBlocks)
    {
        Native.rocksdb_block_based_options_set_cache_index_and_filter_blocks(Pointer, Native.Flag(cacheIndexAndFilterBlocks));
        return This;
    }

    public BlockBasedTableOptions SetPinL0FilterAndIndexBlocksInCache(bool pinL0FilterAndIndexBlocksInCache)
    {
        Native.rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(
            Pointer, Native.Flag(pinL0FilterAndIndexBlocksInCache));
        return This;
    }
}
