// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <param name="Rows">About so many: RocksDB's own estimate.</param>
/// <param name="Bytes">On the disk, compressed, without what still waits in the log.</param>
public sealed record TableFacts(string Name, long Rows, long Bytes);

/// <summary>What a database says of itself, read without changing it. Also of schemas that this version does not read otherwise.</summary>
/// <param name="Schema">0 in one that was never written to.</param>
/// <param name="Coin">Identifier of the coin, such as <c>potcoin</c>.</param>
/// <param name="Height">Of the tip; -1 while it has no block.</param>
/// <param name="PruningLimit">Spent outputs kept for each script; 0 keeps all.</param>
/// <param name="StoresTransactions">It has the bytes of all transactions.</param>
/// <param name="IsImported">The first import has ended.</param>
/// <param name="IsPruningDue">The limit was lowered; what it leaves out is removed when the server runs.</param>
/// <param name="IsInterrupted">A kill has interrupted a commit, which the next start completes.</param>
/// <param name="UndoableBlocks">How far <c>db rewind</c> can go back.</param>
/// <param name="DiskBytes">Of all files in the folder.</param>
public sealed record DatabaseFacts(
    string Path,
    int Schema,
    string Coin,
    Hash256? Genesis,
    int Height,
    Hash256 Hash,
    long Transactions,
    int PruningLimit,
    bool StoresTransactions,
    bool IsImported,
    bool IsPruningDue,
    bool IsInterrupted,
    int UndoableBlocks,
    IReadOnlyList<TableFacts> Tables,
    long DiskBytes)
{
    /// <returns>Why a server with these options would refuse the database; null when it would not.</returns>
    public IndexMismatchException? FindMismatch(IndexOptions options) =>
        new StoreIdentity(Path, Schema, Coin, Genesis, PruningLimit, StoresTransactions, IsImported, Height).FindMismatch(options);

    internal static DatabaseFacts Read(string path) => StorageErrors.Translate(path, () =>
    {
        // A kill may have come while it was being made.
        if (!DatabaseLock.IsMade(path))
            return new DatabaseFacts(path, 0, "?", null, -1, Hash256.Zero, 0, 0, false, false, false, true, 0, [], Size(path));
        string[] present = [.. RocksDb.ListColumnFamilies(StoreTuning.Database(), path)];
        var families = new ColumnFamilies();
        foreach (string name in present) families.Add(name, new ColumnFamilyOptions());
        using RocksDb database = RocksDb.OpenReadOnly(StoreTuning.Database(), path, families, errIfLogFileExists: false);
        var state = new StateTable(database);
        IndexTip tip = state.Tip;
        bool lacksTables = IndexStore.FamilyNames.Except(present, StringComparer.Ordinal).Any();
        return new DatabaseFacts(
            path,
            state.Schema,
            state.Coin,
            state.Genesis,
            tip.Height,
            tip.Hash,
            tip.Transactions,
            state.PruningLimit,
            state.StoresTransactions,
            state.IsImported,
            state.IsPruningDue,
            state.StagedTip is not null || (state.Schema is 0 or IndexStore.Schema && lacksTables),
            present.Contains(UndoTable.Name, StringComparer.Ordinal) ? CountUndoable(new UndoTable(database), tip.Height) : 0,
            [.. present.Select(name => Measure(database, name))],
            Size(path));
    });

    /// <summary>Blocks from the tip down that have undo data.</summary>
    internal static int CountUndoable(UndoTable undo, int tip)
    {
        using var read = new ReadOptions();
        using Iterator rows = undo.NewIterator(read);
        int count = 0;
        for (rows.SeekToLast(); rows.Valid() && rows.KeySpan.Length == RowCodec.HeightSize && RowCodec.ReadHeight(rows.KeySpan) == tip - count; rows.Prev())
            count++;
        return count;
    }

    private static long Size(string path) => new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static TableFacts Measure(RocksDb database, string name)
    {
        ColumnFamilyHandle table = database.GetColumnFamily(name);
        return new TableFacts(
            name,
            (long)(database.GetIntProperty("rocksdb.estimate-num-keys", table) ?? 0),
            (long)(database.GetIntProperty("rocksdb.live-sst-files-size", table) ?? 0));
    }
}
