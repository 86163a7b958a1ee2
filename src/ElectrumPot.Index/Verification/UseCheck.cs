// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// No output is spent twice, and none that is spent is still unspent. The first pass over outputs and spends is made by
/// their own checks; this one makes those that are left, and looks at what seems to be used twice.
/// </summary>
internal sealed class UseCheck(VerificationRun run, OutputUses uses)
{
    private const string Step = "uses of outputs";

    private readonly Dictionary<OutputLocation, string> _seen = [];

    public void Run()
    {
        while (uses.EndPass())
            PassOver((output, _) => uses.Add(output));
        // The same hash need not be the same output.
        if (uses.Suspects.Count > 0)
            PassOver(Compare);
    }

    private void Compare(OutputLocation output, Func<string> use)
    {
        if (!uses.Suspects.Contains(uses.PrintOf(output))) return;
        if (_seen.TryGetValue(output, out string? other))
            run.Findings.Add(ScriptTable.Name, $"{StoredRows.Describe(output)} is {other}, and also {use()}");
        else
            _seen[output] = use();
    }

    private void PassOver(Action<OutputLocation, Func<string>> look)
    {
        using (TableScan rows = run.Scan(run.Store.Outputs, OutputTable.Name, Step))
        {
            while (rows.MoveNext())
            {
                if (StoredRows.TryReadOutput(rows.Key, rows.Value, out OutputLocation output, out _))
                    look(output, static () => "unspent");
            }
        }

        using (TableScan rows = run.Scan(run.Store.Scripts, ScriptTable.Name, Step))
        {
            while (rows.MoveNext())
            {
                if (rows.Key.Length != ScriptTable.KeySize || rows.Key[HashX.Size] != ScriptTable.SpentTag) continue;
                if (!ScriptCheck.TryReadSpend(rows.Key, rows.Value, out SpentRow spent)) continue;
                HashX script = RowCodec.ReadHashX(rows.Key);
                look(spent.Output, () => $"spent by {StoredRows.Describe(spent.Spending)} from script {script}");
            }
        }
    }
}
