// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Snapshots;

/// <summary>What a database that nobody writes to says of itself, read without changing or locking it.</summary>
internal sealed record StoreFacts(int Schema, string Coin, Hash256? Genesis, int PruningLimit, bool IsImported, IndexTip Tip, bool StoresTransactions)
{
    /// <exception cref="IndexException">No database, or not readable.</exception>
    public static StoreFacts Read(string path) => StorageErrors.Translate(path, () =>
    {
        var options = new DbOptions();
        var families = new ColumnFamilies();
        families.Add(HeaderTable.Name, new ColumnFamilyOptions());

        // Families that are not named here stay closed, whatever later versions call theirs.
        using RocksDb database = RocksDb.OpenReadOnly(options, path, families, errIfLogFileExists: false);
        var state = new StateTable(database);
        var facts = new StoreFacts(state.Schema, state.Coin, state.Genesis, state.PruningLimit, state.IsImported, state.Tip, state.StoresTransactions);
        facts.RequireTipHeader(database);
        return facts;
    });

    private void RequireTipHeader(RocksDb database)
    {
        if (Tip.Height < 0) return;
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        using var read = new ReadOptions();
        if (!new HeaderTable(database).TryGet(Tip.Height, read, header, out _) || BlockHeader.HashOf(header) != Tip.Hash)
            throw new IndexCorruptException($"The database {database.Path} has no header of its tip {Tip.Height}.");
    }
}
