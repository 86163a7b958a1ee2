// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// No output is spent twice, and none that is spent is still unspent. The first pass over outputs and spends is made by
/// their own checks; this one makes those that are left, and looks at what seems to be used twice.
/// </summary>
internal sealed class UseCheck(VerificationRun run, OutputUses uses, ScriptTable spends)
{
    private const string Step = "uses of outputs";

    private readonly Dictionary<OutputLocation, string> _seen = [];

    public void Run()
    {
        while (uses.EndPass())
            PassOver(isLast: false);
        // The same hash need not be the same output.
        if (uses.Suspects.Count > 0)
            PassOver(isLast: true);
    }

    private void PassOver(bool isLast)
    {
        using (TableScan rows = run.Scan(run.Store.Outputs, Step))
        {
            while (rows.MoveNext())
            {
                if (!StoredRows.TryReadOutput(rows.Key, rows.Value, out OutputLocation output, out _)) continue;
                if (!isLast) uses.Add(output);
                else if (IsSuspect(output)) Compare(output, "unspent");
            }
        }

        using (TableScan rows = run.Scan(spends, Step))
        {
            while (rows.MoveNext())
            {
                if (rows.Key.Length != ScriptTable.KeySize || rows.Key[HashX.Size] != ScriptTable.SpentTag) continue;
                if (!ScriptCheck.TryReadSpend(rows.Key, rows.Value, out SpentRow spent)) continue;
                if (!isLast)
                    uses.Add(spent.Output);
                else if (IsSuspect(spent.Output))
                    Compare(spent.Output, $"spent by {StoredRows.Describe(spent.Spending)} from script {RowCodec.ReadHashX(rows.Key)}");
            }
        }
    }

    private bool IsSuspect(OutputLocation output) => uses.Suspects.Contains(uses.PrintOf(output));

    private void Compare(OutputLocation output, string use)
    {
        if (_seen.TryGetValue(output, out string? other))
            run.Findings.Add(spends.FamilyName, $"{StoredRows.Describe(output)} is {other}, and also {use}");
        else
            _seen[output] = use;
    }
}
