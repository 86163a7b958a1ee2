// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>RocksDB's settings, in one place and with their reasons.</summary>
internal static class StoreTuning
{
    private const ulong MemtableBytes = 16 << 20;
    private const ulong AllMemtablesBytes = 64 << 20;
    // After a kill the log is read again before the first answer: this bounds the time.
    private const ulong WalBytes = 12 << 20;
    private const ulong SmallBlock = 4 << 10;
    private const ulong LargeBlock = 16 << 10;

    public static DbOptions Database()
    {
        var options = new DbOptions()
            .SetCreateIfMissing(true)
            .SetCreateMissingColumnFamilies(true)
            .SetMaxTotalWalSize(WalBytes)
            .SetDbWriteBufferSize(AllMemtablesBytes)
            .SetMaxBackgroundJobs(2)
            .SetBytesPerSync(1 << 20)
            .SetKeepLogFileNum(2)
            .SetMaxOpenFiles(512);
        // An assertion of the library ends the process when a line of its own log cannot be written, which is on a full disk,
        // where it has most to say. What it says of errors the exceptions say as well.
        options.SetInfoLogLevel(InfoLogLevel.Fatal);
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
        families.Add(ScriptTable.ImportName, ImportTable(cache));
        families.Add(AliasTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(UndoTable.Name, Family(cache, LargeBlock, hasFilter: false));
        families.Add(BlockTable.Name, Family(cache, SmallBlock, hasFilter: false));
        families.Add(TransactionTable.Name, Family(cache, LargeBlock, hasFilter: false));
        return families;
    }

    /// <summary>Written once and read once, in order, at the end of the import: nothing is gained by compaction.</summary>
    public static ColumnFamilyOptions ImportTable(Cache cache) => Family(cache, LargeBlock, hasFilter: false).SetDisableAutoCompactions(1);

    /// <summary>Of the table files that the import makes.</summary>
    public static ColumnFamilyOptions FilesOf(string family)
    {
        BlockBasedTableOptions table = Layout(HasLargeBlocks(family) ? LargeBlock : SmallBlock, hasFilter: family == OutputTable.Name);
        return new ColumnFamilyOptions()
            .SetCompression(IsRewritten(family) ? Compression.Lz4 : Compression.Zstd)
            .SetBlockBasedTableFactory(table);
    }

    private static bool HasLargeBlocks(string family) =>
        family is HeaderTable.Name or UndoTable.Name or TransactionTable.Name or ScriptTable.ImportName;

    /// <summary>Files of other tables lie one behind the other and stay as they were made.</summary>
    private static bool IsRewritten(string family) =>
        family is LocationTable.Name or OutputTable.Name or ScriptTable.ImportName or AliasTable.Name;

    private static ColumnFamilyOptions Family(Cache cache, ulong blockBytes, bool hasFilter)
    {
        BlockBasedTableOptions table = Layout(blockBytes, hasFilter)
            .SetBlockCache(cache);
        var options = new ColumnFamilyOptions()
            .SetWriteBufferSize(MemtableBytes)
            .SetMaxWriteBufferNumber(2)
            .SetLevelCompactionDynamicLevelBytes(true)
            .SetCompression(Compression.Lz4)
            .SetBlockBasedTableFactory(table);
        options.SetBottommostCompression(Compression.Zstd);
        return options;
    }

    /// <summary>
    /// Indexes and filters stay with the open file, outside of the cache: about 0.8 % of the database, bounded by the number
    /// of open files. In the cache each of them is larger than a shard once a table file has a million rows, and is then
    /// read anew for every lookup; cut into blocks they stay, but each lookup pays for finding theirs.
    /// </summary>
    private static BlockBasedTableOptions Layout(ulong blockBytes, bool hasFilter)
    {
        BlockBasedTableOptions table = new BlockBasedTableOptions()
            .SetBlockSize(blockBytes)
            .SetFormatVersion(5)
            .SetCacheIndexAndFilterBlocks(false);
        if (hasFilter)
            table.SetFilterPolicy(BloomFilterPolicy.Create(10, useBlockBasedBuilder: false));
        return table;
    }
}
