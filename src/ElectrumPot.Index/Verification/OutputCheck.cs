// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>Unspent outputs belong to transactions that exist.</summary>
internal sealed class OutputCheck(VerificationRun run, OutputUses uses)
{
    /// <summary>The unspent rows that the table of scripts has to have.</summary>
    public RowSum Unspent { get; private set; }

    public bool IsComplete { get; private set; }

    public void Run()
    {
        RowSum unspent = default;
        using TableScan rows = run.Scan(run.Store.Outputs, "unspent outputs");
        while (rows.MoveNext())
        {
            if (!StoredRows.TryReadOutput(rows.Key, rows.Value, out OutputLocation output, out OutputValue value))
            {
                run.Findings.Add(OutputTable.Name, $"the row {Convert.ToHexStringLower(rows.Key)} is malformed: {Convert.ToHexStringLower(rows.Value)}");
                continue;
            }

            if (!run.Exists(output.Transaction))
                run.Findings.Add(OutputTable.Name, $"{StoredRows.Describe(output)} is unspent, but there is no such transaction");
            unspent.Add(run.HashOf(output, value));
            uses.Add(output);
        }

        Unspent = unspent;
        IsComplete = rows.IsComplete;
    }
}
