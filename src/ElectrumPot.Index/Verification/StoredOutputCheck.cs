// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Unspent outputs are those of the stored transactions, which hash to their txids: the same script, the same value. Both
/// come in the order of the chain.
/// </summary>
internal sealed class StoredOutputCheck : IDisposable
{
    private readonly VerificationRun _run;
    private readonly TableScan _rows;
    private bool _hasRow;

    public StoredOutputCheck(VerificationRun run)
    {
        _run = run;
        _rows = run.Scan(run.Store.Outputs, step: null);
        _hasRow = _rows.MoveNext();
    }

    /// <summary>Looks at the outputs of the next stored transaction.</summary>
    public void Check(TxLocation location, in TransactionView transaction)
    {
        // Rows of transactions that are not stored are passed over: that these are missing is said elsewhere.
        while (_hasRow && (!TryRead(out OutputLocation earlier, out _) || earlier.Transaction < location))
            _hasRow = _rows.MoveNext();
        OutputEnumerator outputs = transaction.Outputs;
        int next = 0;
        for (; _hasRow && TryRead(out OutputLocation output, out OutputValue value) && output.Transaction == location; _hasRow = _rows.MoveNext())
        {
            bool isThere = next <= output.Index;
            while (isThere && next <= output.Index)
            {
                isThere = outputs.MoveNext();
                next++;
            }

            if (!isThere || location.Height == 0 || !BlockDigester.IsIndexed(outputs.Current))
                _run.Findings.Add(OutputTable.Name, $"{StoredRows.Describe(output)} is unspent, but its transaction has no such output");
            else if (BlockDigester.ScriptOf(outputs.Current.Script, out _) is var script && (script != value.Script || outputs.Current.Value != value.Value))
                _run.Findings.Add(OutputTable.Name, $"{StoredRows.Describe(output)} pays {value.Value} to script {value.Script}, by its transaction {outputs.Current.Value} to script {script}");
        }
    }

    public void Dispose() => _rows.Dispose();

    private bool TryRead(out OutputLocation output, out OutputValue value) => StoredRows.TryReadOutput(_rows.Key, _rows.Value, out output, out value);
}
