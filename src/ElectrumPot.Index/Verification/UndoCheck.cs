// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// The last blocks can be undone: their undo data have no gap up to the tip, and name just those spends that the table
/// of spends has of these blocks.
/// </summary>
internal sealed class UndoCheck(VerificationRun run)
{
    private readonly List<int> _heights = [];
    private RowSum _spends;
    private bool _isComplete;

    /// <summary>The lowest height with undo data; none: <see cref="int.MaxValue"/>.</summary>
    public int FirstHeight { get; private set; } = int.MaxValue;

    /// <summary>From the tip down, without a gap.</summary>
    public int UndoableBlocks { get; private set; }

    public void Run()
    {
        int? previous = null;
        using TableScan rows = run.Scan(run.Store.Undo, "undo data");
        while (rows.MoveNext())
        {
            if (rows.Key.Length != RowCodec.HeightSize)
            {
                run.Findings.Add(UndoTable.Name, $"a key has {rows.Key.Length} bytes");
                continue;
            }

            int height = RowCodec.ReadHeight(rows.Key);
            if (height > run.Tip.Height || height < 0)
            {
                run.Findings.Add(UndoTable.Name, $"there are undo data of block {height}, above the tip {run.Tip.Height}");
                continue;
            }

            if (previous is { } before && height != before + 1)
            {
                run.Findings.Add(UndoTable.Name, $"the undo data of blocks {before + 1} to {height - 1} are missing");
                UndoableBlocks = 0;
            }

            previous = height;
            FirstHeight = Math.Min(FirstHeight, height);
            UndoableBlocks++;
            CheckBlock(height, rows.Value);
        }

        _isComplete = rows.IsComplete;
        if (!_isComplete || previous is not { } last || last == run.Tip.Height) return;
        run.Findings.Add(UndoTable.Name, $"the undo data end at block {last}, below the tip {run.Tip.Height}");
        UndoableBlocks = 0;
    }

    /// <summary>Compares with what the table of spends has.</summary>
    public void Compare(ScriptCheck scripts)
    {
        if (!_isComplete || !scripts.IsComplete || _spends == scripts.UndoableSpends) return;
        RowSum present = FindMissingSpends(scripts.Table);
        if (present != scripts.UndoableSpends)
            new SpendSearch(run, scripts.Table).Run(_heights);
    }

    private void CheckBlock(int height, ReadOnlySpan<byte> row)
    {
        if (!TryRead(height, row, out List<UndoEntry> entries, out string problem))
        {
            run.Findings.Add(UndoTable.Name, problem);
            return;
        }

        _heights.Add(height);
        foreach (UndoEntry entry in entries)
        {
            var spending = new TxLocation(height, entry.Position);
            bool isOverwritten = entry.InputIndex == UndoEntry.Overwritten;
            if (!run.Exists(spending) || !run.Exists(entry.Output.Transaction) || entry.Output.Transaction >= spending)
            {
                run.Findings.Add(UndoTable.Name, $"block {height} is said to have spent {StoredRows.Describe(entry.Output)} in its transaction {entry.Position}; there is no such pair");
                continue;
            }

            if (isOverwritten)
                RequireNotUnspent(entry, height);
            else
                _spends.Add(HashOf(run, height, entry));
        }
    }

    /// <summary>Of the other outputs a spend is known, and none that is spent may be unspent.</summary>
    private void RequireNotUnspent(in UndoEntry entry, int height)
    {
        Span<byte> key = stackalloc byte[OutputTable.KeySize];
        OutputTable.WriteKey(key, entry.Output);
        using PinnedValue row = run.Store.Outputs.GetRow(key, run.LookupRead);
        if (row.IsFound)
            run.Findings.Add(UndoTable.Name, $"{StoredRows.Describe(entry.Output)} is unspent, but block {height} has taken it away");
    }

    /// <summary>Looks for the row of each entry.</summary>
    /// <returns>The sum of those that are there.</returns>
    private RowSum FindMissingSpends(ScriptTable spends)
    {
        RowSum present = default;
        Span<byte> key = stackalloc byte[ScriptTable.KeySize];
        using TableScan rows = run.Scan(run.Store.Undo, "undo data: seeking what is wrong");
        while (rows.MoveNext())
        {
            if (rows.Key.Length != RowCodec.HeightSize) continue;
            int height = RowCodec.ReadHeight(rows.Key);
            if (!TryRead(height, rows.Value, out List<UndoEntry> entries, out _)) continue;
            foreach (UndoEntry entry in entries)
            {
                if (entry.InputIndex == UndoEntry.Overwritten) continue;
                ScriptTable.WriteKey(key, entry.Script, ScriptTable.SpentTag, new TxLocation(height, entry.Position), entry.InputIndex);
                using PinnedValue row = spends.GetRow(key, run.LookupRead);
                if (row.IsFound && StoredRows.TryReadSpentOutput(row.Span, out OutputLocation output) && output == entry.Output)
                    present.Add(HashOf(run, height, entry));
                else if (row.IsFound || !IsPruned(spends, key))
                    run.Findings.Add(UndoTable.Name, $"block {height} spent {StoredRows.Describe(entry.Output)}, but script {entry.Script} does not show it");
                else
                    RequireNotUnspent(entry, height);
            }
        }

        return present;
    }

    /// <summary>Whether enough later spends of the same script are there for this one to be left out.</summary>
    private bool IsPruned(ScriptTable spends, ReadOnlySpan<byte> key)
    {
        int limit = run.Store.State.PruningLimit;
        if (limit == 0) return false;
        using Iterator rows = spends.NewIterator(run.LookupRead);
        ReadOnlySpan<byte> prefix = key[..ScriptTable.LocationOffset];
        int later = 0;
        for (rows.Seek(key); rows.Valid() && rows.KeySpan.StartsWith(prefix) && later < limit; rows.Next())
            later++;
        return later == limit;
    }

    public static bool TryRead(int height, ReadOnlySpan<byte> row, out List<UndoEntry> entries, out string problem)
    {
        try
        {
            (entries, problem) = (UndoTable.Read(height, row), "");
            return true;
        }
        catch (IndexCorruptException error)
        {
            (entries, problem) = ([], error.Message);
            return false;
        }
    }

    public static UInt128 HashOf(VerificationRun run, int height, in UndoEntry entry) =>
        run.HashOf(entry.Script, new SpentRow(new TxLocation(height, entry.Position), entry.InputIndex, entry.Output));
}
