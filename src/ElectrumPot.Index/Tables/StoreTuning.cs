// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>RocksDB's settings, in one place and with their reasons.</summary>
internal static class StoreTuning
{
    private const ulong MemtableBytes = 16 << 20;
    private const ulong WalBytes = 128 << 20;
    private const ulong SmallBlock = 4 << 10;
    private const ulong LargeBlock = 16 << 10;

    public static DbOptions Database()
    {
        var options = new DbOptions()
            .SetCreateIfMissing(true)
            .SetCreateMissingColumnFamilies(true)
            .SetMaxTotalWalSize(WalBytes)
            .SetMaxBackgroundJobs(2)
            .SetBytesPerSync(1 << 20)
            .SetKeepLogFileNum(2)
            .SetMaxOpenFiles(512);
        options.SetInfoLogLevel(InfoLogLevel.Warn);
        return options;
    }

    public static ColumnFamilies Tables(Cache cache)
    {
        // A filter answers "not there" without reading; it is worth its memory only where misses are common. Outputs
        // are asked for candidates that may be wrong; everything else is found when it is asked for.
        var families = new ColumnFamilies(Family(cache, SmallBlock, hasFilter: false));
        families.Add(HeaderTable.Name, Family(cache, LargeBlock, hasFilter: false));
        families.Add(TxidTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(LocationTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(OutputTable.Name, Family(cache, SmallBlock, hasFilter: true));
        families.Add(ScriptTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(AliasTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(UndoTable.Name, Family(cache, LargeBlock, hasFilter: false));
        return families;
    }

    private static ColumnFamilyOptions Family(Cache cache, ulong blockBytes, bool hasFilter)
    {
        BlockBasedTableOptions table = new BlockBasedTableOptions()
            .SetBlockCache(cache)
            .SetBlockSize(blockBytes)
            .SetFormatVersion(5)
            .SetCacheIndexAndFilterBlocks(true)
            .SetPinL0FilterAndIndexBlocksInCache(true);
        if (hasFilter)
            table.SetFilterPolicy(BloomFilterPolicy.Create(10, useBlockBasedBuilder: false));
        var options = new ColumnFamilyOptions()
            .SetWriteBufferSize(MemtableBytes)
            .SetMaxWriteBufferNumber(3)
            .SetLevelCompactionDynamicLevelBytes(true)
            .SetCompression(Compression.Lz4)
            .SetBlockBasedTableFactory(table);
        options.SetBottommostCompression(Compression.Zstd);
        return options;
    }
}
