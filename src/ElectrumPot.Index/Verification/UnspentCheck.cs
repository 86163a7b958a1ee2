// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>Both tables of unspent outputs say the same: by outpoint, with script and value, and by script, with value.</summary>
internal sealed class UnspentCheck(VerificationRun run, OutputCheck outputs, ScriptCheck scripts)
{
    public void Run()
    {
        if (!outputs.IsComplete || !scripts.IsComplete || outputs.Unspent == scripts.Unspent) return;
        long before = run.Findings.Count;
        NameOutputsWithoutScriptRow();
        NameScriptRowsWithoutOutput();
        if (run.Findings.Count == before)
            run.Findings.Add(OutputTable.Name, $"there are {outputs.Unspent.Rows} unspent outputs, {scripts.Unspent.Rows} of them with their scripts, and they are not the same");
    }

    private void NameOutputsWithoutScriptRow()
    {
        Span<byte> key = stackalloc byte[ScriptTable.KeySize];
        using TableScan rows = run.Scan(run.Store.Outputs, "unspent outputs: seeking what is wrong");
        while (!run.Findings.IsFull(OutputTable.Name) && rows.MoveNext())
        {
            if (!StoredRows.TryReadOutput(rows.Key, rows.Value, out OutputLocation output, out OutputValue value)) continue;
            ScriptTable.WriteKey(key, value.Script, ScriptTable.UnspentTag, output.Transaction, output.Index);
            using PinnedValue row = run.Store.Scripts.GetRow(key, run.LookupRead);
            if (!row.IsFound)
                run.Findings.Add(OutputTable.Name, $"{StoredRows.Describe(output)} is unspent, but script {value.Script} does not have it");
            else if (!StoredRows.TryReadAmount(row.Span, out long amount) || amount != value.Value)
                run.Findings.Add(OutputTable.Name, $"{StoredRows.Describe(output)} is worth {value.Value}, by script {value.Script} it is worth {amount}");
        }
    }

    private void NameScriptRowsWithoutOutput()
    {
        Span<byte> key = stackalloc byte[OutputTable.KeySize];
        using TableScan rows = run.Scan(run.Store.Scripts, "scripts: seeking what is wrong");
        while (!run.Findings.IsFull(ScriptTable.Name) && rows.MoveNext())
        {
            if (rows.Key.Length != ScriptTable.KeySize || rows.Key[HashX.Size] != ScriptTable.UnspentTag) continue;
            OutputLocation output = StoredRows.ReadOutputLocation(rows.Key[ScriptTable.LocationOffset..]);
            OutputTable.WriteKey(key, output);
            HashX script = RowCodec.ReadHashX(rows.Key);
            using PinnedValue row = run.Store.Outputs.GetRow(key, run.LookupRead);
            if (!row.IsFound)
                run.Findings.Add(ScriptTable.Name, $"script {script} has {StoredRows.Describe(output)} as unspent, which is spent or never was");
            else if (StoredRows.TryReadOutput(key, row.Span, out _, out OutputValue value) && value.Script != script)
                run.Findings.Add(ScriptTable.Name, $"script {script} has {StoredRows.Describe(output)} as unspent, which belongs to script {value.Script}");
        }
    }
}
