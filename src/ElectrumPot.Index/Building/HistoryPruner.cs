// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>
/// Removes spends that no query can reach any more: readers stop after the last <c>pruning_limit</c> spends of a
/// script, and only spends in blocks too deep to be undone count towards what is certain.
/// </summary>
internal sealed class HistoryPruner(IndexStore store, int pruningLimit, ReadOptions read)
{
    private const int DeletesPerBatch = 50_000;

    /// <summary>Cleans the scripts that blocks spent from, once those blocks cannot be undone any more.</summary>
    /// <param name="finalHeight">The last of the blocks; it and all below it are certain.</param>
    public void PruneScripts(IReadOnlySet<HashX> scripts, int finalHeight, RowBuffer rows)
    {
        if (pruningLimit == 0 || scripts.Count == 0) return;
        using Iterator iterator = store.Scripts.NewIterator(read);
        foreach (HashX script in scripts)
        {
            ScriptTable.SpentWalk walk = ScriptTable.SpentBackwards(iterator, script, finalHeight + 1);
            for (int kept = 0; walk.MoveNext(); kept++)
            {
                if (kept >= pruningLimit)
                    ScriptTable.DeleteSpent(rows, script, walk.Current.Spending, walk.Current.InputIndex);
            }
        }
    }

    /// <summary>Cleans the whole table in one pass.</summary>
    /// <param name="finalHeight">Blocks up to here are certain.</param>
    public void PruneAll(int finalHeight, CancellationToken cancellation, IProgress<WorkProgress>? progress = null)
    {
        if (pruningLimit == 0) return;
        using Iterator rows = store.Scripts.NewIterator(read);
        using Iterator again = store.Scripts.NewIterator(read);
        using var batch = new WriteBatch();
        HashX script = default;
        long certain = 0;
        for (rows.SeekToFirst(); rows.Valid(); rows.Next())
        {
            bool isSpent = ScriptTable.IsSpent(rows.KeySpan, out HashX current, out TxLocation location);
            if (current != script)
            {
                PruneScript(again, script, certain - pruningLimit, batch);
                (script, certain) = (current, 0);
                cancellation.ThrowIfCancellationRequested();
                // Scripts are hashes, so that the first bytes tell how much of the table is done.
                progress?.Report(new WorkProgress(ScriptTable.PrefixOf(rows.KeySpan), ushort.MaxValue));
            }

            if (isSpent && location.Height <= finalHeight) certain++;
        }

        PruneScript(again, script, certain - pruningLimit, batch);
        store.Write(batch, isDurable: true);
    }

    /// <summary>Removes the first spends of a script.</summary>
    private void PruneScript(Iterator rows, HashX script, long count, WriteBatch batch)
    {
        if (count <= 0) return;
        ScriptTable.SpentWalk walk = ScriptTable.SpentForwards(rows, script, default);
        for (long i = 0; i < count && walk.MoveNext(); i++)
        {
            batch.Delete(rows.KeySpan, store.Scripts.Handle);
            if (batch.Count() < DeletesPerBatch) continue;
            store.Write(batch, isDurable: false);
            batch.Clear();
        }
    }
}
