// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Tables;

/// <summary>What a database was made for. Compared with what is asked for now, at each start and by whoever only looks.</summary>
internal sealed record StoreIdentity(
    string Path, int Schema, string Coin, Hash256? Genesis, int PruningLimit, bool StoresTransactions, bool IsImported, int Height)
{
    /// <summary>The oldest schema that is taken over: 4 has more tables and writes them differently, the rows are the same.</summary>
    private const int OldestSchema = 3;

    public static StoreIdentity Of(string path, StateTable state) => new(
        path, state.Schema, state.Coin, state.Genesis, state.PruningLimit, state.StoresTransactions, state.IsImported, state.Tip.Height);

    /// <summary>It was never written to, and becomes what is asked for.</summary>
    public bool IsNew => Schema == 0;

    /// <summary>The import of an earlier schema has ended: what it made is read as it is.</summary>
    public bool IsTakenOver => Schema == OldestSchema && IsImported;

    /// <returns>Null when it serves what is asked for, perhaps after removing something.</returns>
    public IndexMismatchException? FindMismatch(IndexOptions wanted)
    {
        if (IsNew) return null;
        if (!IsTakenOver && Schema != IndexStore.Schema)
        {
            return new IndexMismatchException(
                $"the database {Path} has schema {Schema}, this version reads {IndexStore.Schema}: run the version that made it, or remove the folder to import again", Path);
        }

        if (Genesis != wanted.Coin.GenesisHash)
        {
            return new IndexMismatchException(
                $"the database {Path} belongs to coin = {Coin} (genesis {Genesis}), [server] coin = {wanted.Coin.Id} (genesis {wanted.Coin.GenesisHash}) is asked for: "
                + $"correct coin, or give each coin a [rocksdb] path of its own");
        }

        // The import keeps everything until it ends.
        if (IsImported && wanted.PruningLimit != PruningLimit && PruningLimit != 0 && (wanted.PruningLimit == 0 || wanted.PruningLimit > PruningLimit))
        {
            return new IndexMismatchException(
                $"[rocksdb] pruning_limit = {wanted.PruningLimit}, but the database {Path} was made with pruning_limit = {PruningLimit} and has forgotten what more would keep: "
                + $"set pruning_limit = {PruningLimit} again, or remove the folder to import again", Path);
        }

        if (wanted.StoreTransactions && !StoresTransactions && Height >= 0)
        {
            return new IndexMismatchException(
                $"[rocksdb] store_transactions = yes, but the database {Path} was made with store_transactions = no: set it to no again, or remove the folder to import again", Path);
        }

        return null;
    }
}
