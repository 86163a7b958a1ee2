// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>A row as it lies in the store.</summary>
internal readonly record struct StoreRow(byte[] Key, byte[] Value);

/// <summary>Which rows two stores at the same tip must share, whatever way each of them came there.</summary>
/// <param name="PruningLimit">The lower one of the two; 0 keeps all.</param>
/// <param name="FinalHeight">
/// No store of the comparison can undo this block: above it undo data and spends are complete in both, up to it the last
/// spends of each script within the limit are.
/// </param>
/// <param name="LastLostSpend">
/// A reorganisation beyond the undo data has gone back to this block: spends up to it that were removed are not brought back.
/// </param>
/// <param name="HasTransactions">Both keep the bytes of the transactions.</param>
internal sealed record StoreBounds(int PruningLimit, int FinalHeight, bool HasTransactions, int LastLostSpend);

/// <summary>
/// What a store says, table by table and in key order, without what is left to chance: how far old spends have been
/// removed already, and undo data that are no longer needed.
/// </summary>
internal sealed class StoreContent(IndexStore store, StoreBounds bounds)
{
    private const byte UnspentTag = 2;

    public string Tip => $"{store.State.Tip.Height} {store.State.Tip.Hash}, {store.State.Tip.Transactions} transactions";

    /// <summary>The tables whose content follows from the chain alone.</summary>
    public IReadOnlyList<(string Name, Func<IEnumerable<StoreRow>> Rows)> Tables =>
    [
        ("headers", () => All(store.Headers)),
        ("txids", () => All(store.Txids)),
        ("locations", () => All(store.Locations)),
        ("outputs", () => All(store.Outputs)),
        ("undo", () => All(store.Undo).Where(row => RowCodec.ReadHeight(row.Key) > bounds.FinalHeight)),
        ("transactions", () => bounds.HasTransactions ? All(store.Transactions) : []),
        ("spends", ReachableSpends),
    ];

    /// <summary>A superset of what the chain shows: aliases stay when a block is undone.</summary>
    public IEnumerable<StoreRow> Aliases => All(store.Aliases);

    public bool IsImported => store.State.IsImported;

    /// <summary>The rows of unspent outputs by script; none that mean anything until the first import is complete.</summary>
    public IEnumerable<StoreRow> Unspent => All(store.Scripts).Where(row => !ScriptTable.IsSpent(row.Key, out _, out _));

    /// <summary>What <see cref="Unspent"/> has to be according to the table of outputs.</summary>
    public IEnumerable<StoreRow> UnspentByOutputs =>
        All(store.Outputs)
            .Select(output => new StoreRow([.. output.Value[..HashX.Size], UnspentTag, .. output.Key], output.Value[HashX.Size..]))
            .Order(Comparer<StoreRow>.Create((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key)));

    /// <summary>The spends that a query can reach, now or after blocks have been undone.</summary>
    private IEnumerable<StoreRow> ReachableSpends()
    {
        var spends = new List<(StoreRow Row, int Height)>();
        HashX current = default;
        // During the first import spends lie in a table of their own.
        foreach (StoreRow row in All(IsImported ? store.Scripts : store.Spends))
        {
            bool isSpent = ScriptTable.IsSpent(row.Key, out HashX script, out TxLocation spending);
            if (script != current)
            {
                foreach (StoreRow reachable in Reachable(spends)) yield return reachable;
                spends.Clear();
                current = script;
            }

            if (isSpent) spends.Add((row, spending.Height));
        }

        foreach (StoreRow reachable in Reachable(spends)) yield return reachable;
    }

    private IEnumerable<StoreRow> Reachable(List<(StoreRow Row, int Height)> spends)
    {
        int final = spends.Count(spend => spend.Height <= bounds.FinalHeight);
        int hidden = bounds.PruningLimit == 0 ? 0 : Math.Max(0, final - bounds.PruningLimit);
        return spends.Skip(hidden).Where(spend => spend.Height > bounds.LastLostSpend).Select(spend => spend.Row);
    }

    private static IEnumerable<StoreRow> All(Table table)
    {
        using var read = new ReadOptions();
        using Iterator rows = table.NewIterator(read);
        for (rows.SeekToFirst(); rows.Valid(); rows.Next())
            yield return new StoreRow(rows.KeySpan.ToArray(), rows.ValueSpan.ToArray());
    }
}
