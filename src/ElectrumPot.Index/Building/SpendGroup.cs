// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>The spends of one script, of which the last certain ones and all uncertain ones are kept.</summary>
internal sealed class SpendGroup(ScriptTable table, ReadOptions read, int pruningLimit, int finalHeight)
{
    // Scripts with more are read twice instead.
    private const int MaxHeld = 1 << 16;

    private readonly RowBuffer _rows = new();

    /// <summary>Moves what is kept of a script's spends to the files.</summary>
    /// <param name="spends">Stands at the first spend of the script; afterwards at the next script.</param>
    /// <returns>Spends that were read.</returns>
    public long MoveTo(Iterator spends, HashX script, SortedTableFiles files)
    {
        _rows.Clear();
        long count = 0;
        long certain = 0;
        for (; spends.Valid(); spends.Next(), count++)
        {
            ScriptTable.IsSpent(spends.KeySpan, out HashX current, out Queries.TxLocation location);
            if (current != script) break;
            if (location.Height <= finalHeight) certain++;
            if (count < MaxHeld)
                _rows.Put(spends.KeySpan, spends.ValueSpan);
        }

        // The uncertain ones are the last in the order of the chain.
        long forgotten = pruningLimit == 0 ? 0 : Math.Max(0, certain - pruningLimit);
        if (count <= MaxHeld)
        {
            for (int i = (int)forgotten; i < _rows.Count; i++)
                files.Put(_rows.KeyAt(i), _rows.ValueAt(i));
        }
        else
        {
            using Iterator again = table.NewIterator(read);
            ScriptTable.SpentWalk walk = ScriptTable.SpentForwards(again, script, default);
            for (long i = 0; walk.MoveNext(); i++)
            {
                if (i >= forgotten)
                    files.Put(again.KeySpan, again.ValueSpan);
            }
        }

        return count;
    }
}
