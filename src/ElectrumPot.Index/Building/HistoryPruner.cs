// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
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

    /// <summary>Cleans the scripts that a block spent from, once that block cannot be undone any more.</summary>
    /// <param name="finalHeight">The block; it and all below it are certain.</param>
    public void PruneScripts(IReadOnlyList<UndoEntry> spent, int finalHeight, RowBuffer rows)
    {
        if (pruningLimit == 0) return;
        using Iterator iterator = store.Scripts.NewIterator(read);
        foreach (HashX script in spent.Select(entry => entry.Script).Distinct())
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
    /// <param name="report">Told how much of how much is done.</param>
    public void PruneAll(int finalHeight, CancellationToken cancellation, Action<long, long>? report = null)
    {
        if (pruningLimit == 0) return;
        using Iterator iterator = store.Scripts.NewIterator(read);
        using var batch = new WriteBatch();
        // The keys of the last spends of the current script, oldest overwritten first.
        byte[][] ring = new byte[pruningLimit][];
        HashX current = default;
        long seen = 0;
        for (iterator.SeekToFirst(); iterator.Valid(); iterator.Next())
        {
            ReadOnlySpan<byte> key = iterator.KeySpan;
            bool isSpent = ScriptTable.IsSpent(key, out HashX script, out TxLocation location);
            if (script != current)
            {
                (current, seen) = (script, 0);
                cancellation.ThrowIfCancellationRequested();
                // Scripts are named by hashes, so their beginnings are spread evenly over all that there can be.
                report?.Invoke(ScriptTable.PrefixOf(key), ushort.MaxValue);
            }

            if (!isSpent || location.Height > finalHeight) continue;
            ref byte[] slot = ref ring[seen % pruningLimit];
            if (seen >= pruningLimit)
                batch.Delete(slot, store.Scripts.Handle);
            slot ??= new byte[ScriptTable.KeySize];
            key.CopyTo(slot);
            seen++;
            if (batch.Count() < DeletesPerBatch) continue;
            store.Write(batch, isDurable: false);
            batch.Clear();
        }

        store.Write(batch, isDurable: true);
    }
}
