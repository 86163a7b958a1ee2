// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Names spends of the last blocks that the undo data of their blocks lack. Spends are in the order of scripts, undo data
/// in that of blocks: so many blocks as fit into memory are looked at together.
/// </summary>
internal sealed class SpendSearch(VerificationRun run, ScriptTable spends)
{
    private const int MaxEntriesAtOnce = 1 << 20;

    private readonly HashSet<UInt128> _known = [];
    private readonly HashSet<int> _heights = [];

    /// <param name="heights">All that have undo data.</param>
    public void Run(IEnumerable<int> heights)
    {
        foreach (int height in heights)
        {
            AddEntries(height);
            if (_known.Count >= MaxEntriesAtOnce) NameUnknown();
        }

        NameUnknown();
    }

    private void AddEntries(int height)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        using PinnedValue row = run.Store.Undo.GetRow(key, run.LookupRead);
        if (!row.IsFound || !UndoCheck.TryRead(height, row.Span, out List<UndoEntry> entries, out _)) return;
        _heights.Add(height);
        foreach (UndoEntry entry in entries)
            _known.Add(UndoCheck.HashOf(run, height, entry));
    }

    private void NameUnknown()
    {
        using TableScan rows = run.Scan(spends, "spends: seeking what is wrong");
        while (!run.Findings.IsFull(spends.FamilyName) && rows.MoveNext())
        {
            if (rows.Key.Length != ScriptTable.KeySize || rows.Key[HashX.Size] != ScriptTable.SpentTag) continue;
            if (!ScriptCheck.TryReadSpend(rows.Key, rows.Value, out SpentRow spent) || !_heights.Contains(spent.Spending.Height)) continue;
            HashX script = RowCodec.ReadHashX(rows.Key);
            if (!_known.Contains(run.HashOf(script, spent)))
            {
                run.Findings.Add(
                    spends.FamilyName,
                    $"{StoredRows.Describe(spent.Spending)} spends {StoredRows.Describe(spent.Output)} of script {script}, the undo data of its block do not know of it");
            }
        }

        _known.Clear();
        _heights.Clear();
    }
}
