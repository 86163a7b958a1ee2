// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// One pass over the table of scripts: spends are made by transactions that exist, of outputs of earlier ones. What it
/// says of unspent outputs, and of the spends that can be undone, is summed up for the comparison with other tables.
/// </summary>
/// <param name="table">The spends of an import have one of their own.</param>
/// <param name="firstUndo">The lowest height with undo data.</param>
internal sealed class ScriptCheck(VerificationRun run, OutputUses uses, ScriptTable table, int firstUndo)
{
    public ScriptTable Table => table;

    public RowSum Unspent { get; private set; }

    /// <summary>Spends in blocks from the first with undo data on.</summary>
    public RowSum UndoableSpends { get; private set; }

    public bool IsComplete { get; private set; }

    public void Run()
    {
        bool isImport = table.FamilyName == ScriptTable.ImportName;
        using TableScan rows = run.Scan(table, "spends and unspent outputs of scripts");
        while (rows.MoveNext())
        {
            bool isSound = rows.Key.Length == ScriptTable.KeySize && rows.Key[HashX.Size] switch
            {
                ScriptTable.SpentTag => TryAddSpend(rows.Key, rows.Value),
                ScriptTable.UnspentTag => !isImport && TryAddUnspent(rows.Key, rows.Value),
                _ => false,
            };
            if (!isSound)
                run.Findings.Add(table.FamilyName, $"the row {Convert.ToHexStringLower(rows.Key)} is malformed: {Convert.ToHexStringLower(rows.Value)}");
        }

        IsComplete = rows.IsComplete;
    }

    /// <summary>Reads a row of a spend.</summary>
    /// <param name="key">Of the right length and tag.</param>
    public static bool TryReadSpend(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row, out SpentRow spent)
    {
        bool isSound = StoredRows.TryReadSpentOutput(row, out OutputLocation output);
        OutputLocation input = StoredRows.ReadOutputLocation(key[ScriptTable.LocationOffset..]);
        spent = new SpentRow(input.Transaction, input.Index, output);
        return isSound;
    }

    private bool TryAddSpend(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        if (!TryReadSpend(key, row, out SpentRow spent)) return false;
        HashX script = RowCodec.ReadHashX(key);
        TxLocation funding = spent.Output.Transaction;
        if (!run.Exists(spent.Spending))
            run.Findings.Add(table.FamilyName, $"script {script} is spent by {StoredRows.Describe(spent.Spending)}, which does not exist");
        else if (!run.Exists(funding))
            run.Findings.Add(table.FamilyName, $"{StoredRows.Describe(spent.Spending)} spends {StoredRows.Describe(spent.Output)} of script {script}, which does not exist");
        else if (funding >= spent.Spending)
            run.Findings.Add(table.FamilyName, $"{StoredRows.Describe(spent.Spending)} spends {StoredRows.Describe(spent.Output)} of script {script}, which comes later");

        uses.Add(spent.Output);
        if (spent.Spending.Height < firstUndo) return true;
        RowSum sum = UndoableSpends;
        sum.Add(run.HashOf(script, spent));
        UndoableSpends = sum;
        return true;
    }

    private bool TryAddUnspent(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        if (!StoredRows.TryReadAmount(row, out long amount)) return false;
        OutputLocation output = StoredRows.ReadOutputLocation(key[ScriptTable.LocationOffset..]);
        RowSum sum = Unspent;
        sum.Add(run.HashOf(output, new OutputValue(RowCodec.ReadHashX(key), amount)));
        Unspent = sum;
        return true;
    }
}
