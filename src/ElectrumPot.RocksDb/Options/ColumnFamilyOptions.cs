// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>Options of one column family.</summary>
public sealed class ColumnFamilyOptions : Options<ColumnFamilyOptions>;

/// <summary>Setters of the options of a column family.</summary>
public abstract unsafe partial class Options<T>
{
    /// <summary>Takes a copy of the table options.</summary>
    public T SetBlockBasedTableFactory(BlockBasedTableOptions tableOptions)
    {
        Native.rocksdb_options_set_block_based_table_factory(Pointer, tableOptions.Pointer);
        GC.KeepAlive(tableOptions);
        return This;
    }

    public T OptimizeForPointLookup(ulong blockCacheSizeMb)
    {
        Native.rocksdb_options_optimize_for_point_lookup(Pointer, blockCacheSizeMb);
        return This;
    }

    public T OptimizeLevelStyleCompaction(ulong memtableMemoryBudget)
    {
        Native.rocksdb_options_optimize_level_style_compaction(Pointer, memtableMemoryBudget);
        return This;
    }

    /// <summary>Keeps everything in level 0 uncompacted: for filling a database that is compacted by hand afterwards.</summary>
    public T PrepareForBulkLoad()
    {
        Native.rocksdb_options_prepare_for_bulk_load(Pointer);
        return This;
    }

    public T SetMergeOperator(MergeOperator mergeOperator)
    {
        Native.rocksdb_options_set_merge_operator(Pointer, MergeOperators.CreateNative(mergeOperator));
        Merges = true;
        return This;
    }

    /// <summary>Values and operands are 8-byte little-endian numbers, and merging adds them.</summary>
    public T SetUint64addMergeOperator()
    {
        Native.rocksdb_options_set_uint64add_merge_operator(Pointer);
        Merges = true;
        return This;
    }

    /// <summary>
    /// Rows of equal prefix can be sought by filter; mind <see cref="ReadOptions.SetTotalOrderSeek"/> when a scan crosses prefixes. A
    /// fixed prefix is the least length of the family's keys from then on.
    /// </summary>
    public T SetPrefixExtractor(SliceTransform sliceTransform)
    {
        Native.rocksdb_options_set_prefix_extractor(Pointer, sliceTransform.CreateNative());
        PrefixLength = sliceTransform.FixedLength;
        return This;
    }

    /// <summary>Bytes of one memtable.</summary>
    public T SetWriteBufferSize(ulong value)
    {
        Native.rocksdb_options_set_write_buffer_size(Pointer, (nuint)value);
        return This;
    }

    public T SetMaxWriteBufferNumber(int value)
    {
        Native.rocksdb_options_set_max_write_buffer_number(Pointer, value);
        return This;
    }

    public T SetMinWriteBufferNumberToMerge(int value)
    {
        Native.rocksdb_options_set_min_write_buffer_number_to_merge(Pointer, value);
        return This;
    }

    /// <summary>Share of the memtable spent on a filter of prefixes, from 0 to 0.25.</summary>
    public T SetMemtablePrefixBloomSizeRatio(double ratio)
    {
        Native.rocksdb_options_set_memtable_prefix_bloom_size_ratio(Pointer, ratio);
        return This;
    }

    public T SetMemtableVectorRep()
    {
        Native.rocksdb_options_set_memtable_vector_rep(Pointer);
        return This;
    }

    public T SetArenaBlockSize(ulong value)
    {
        Native.rocksdb_options_set_arena_block_size(Pointer, (nuint)value);
        return This;
    }

    public T SetMaxSuccessiveMerges(ulong value)
    {
        Native.rocksdb_options_set_max_successive_merges(Pointer, (nuint)value);
        return This;
    }

    public T SetBloomLocality(uint value)
    {
        Native.rocksdb_options_set_bloom_locality(Pointer, value);
        return This;
    }

    public T SetMaxSequentialSkipInIterations(ulong value)
    {
        Native.rocksdb_options_set_max_sequential_skip_in_iterations(Pointer, value);
        return This;
    }

    /// <summary>1 leaves out the filter of the last level: smaller, right where most keys asked for exist.</summary>
    public T SetOptimizeFiltersForHits(int value)
    {
        Native.rocksdb_options_set_optimize_filters_for_hits(Pointer, value);
        return This;
    }

    public T SetCompression(Compression value)
    {
        Native.rocksdb_options_set_compression(Pointer, (int)value);
        return This;
    }

    public T SetCompressionPerLevel(Compression[] levelValues, ulong numLevels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numLevels, (ulong)levelValues.Length);
        fixed (Compression* levels = levelValues)
            Native.rocksdb_options_set_compression_per_level(Pointer, (int*)levels, (nuint)numLevels);
        return This;
    }

    /// <param name="p1">Window bits of zlib; -14 is the library's default.</param>
    /// <param name="p2">Level of compression; 32767 is the algorithm's default.</param>
    /// <param name="p3">Strategy of zlib.</param>
    /// <param name="p4">Largest dictionary in bytes; 0 for none.</param>
    public T SetCompressionOptions(int p1, int p2, int p3, int p4)
    {
        Native.rocksdb_options_set_compression_options(Pointer, p1, p2, p3, p4);
        return This;
    }
}
