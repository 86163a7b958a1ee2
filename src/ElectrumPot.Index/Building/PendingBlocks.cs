// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Building;

/// <summary>
/// What blocks since the last commit have created and not yet spent. An output that lives and dies within one commit
/// never reaches the tables of unspent outputs: during the import that is most of them.
/// </summary>
internal sealed class PendingBlocks
{
    // Rough cost of a dictionary entry with its key and value, for the memory budget.
    private const int OutputCost = 64;
    private const int TransactionCost = 56;

    private readonly Dictionary<Hash256, TxLocation> _transactions = [];
    private readonly Dictionary<OutputLocation, OutputValue> _outputs = [];
    private readonly HashSet<ScriptAlias> _aliases = [];
    private readonly HashSet<OutputLocation> _takenCoinbaseOutputs = [];

    public long Bytes => ((long)_outputs.Count * OutputCost) + ((long)_transactions.Count * TransactionCost);

    public void AddTransaction(Hash256 txid, TxLocation location) => _transactions[txid] = location;

    public bool TryGetTransaction(Hash256 txid, out TxLocation location) => _transactions.TryGetValue(txid, out location);

    public void AddOutput(OutputLocation location, OutputValue value) => _outputs.Add(location, value);

    public bool TryTakeOutput(OutputLocation location, out OutputValue value) => _outputs.Remove(location, out value);

    /// <summary>
    /// Remembers that an output of the store is spent, though its row is there until the commit. Only coinbases can be
    /// asked for again: by a later one with the same txid.
    /// </summary>
    public void MarkTaken(OutputLocation location)
    {
        if (location.Transaction.Position == 0) _takenCoinbaseOutputs.Add(location);
    }

    public bool IsTaken(OutputLocation location) => _takenCoinbaseOutputs.Contains(location);

    /// <returns>False when the alias waits for the commit already.</returns>
    public bool AddAlias(ScriptAlias alias) => _aliases.Add(alias);

    /// <summary>Writes what has survived, and forgets everything.</summary>
    public void MoveTo(RowSet rows)
    {
        foreach ((OutputLocation location, OutputValue value) in _outputs)
        {
            OutputTable.Put(rows.Outputs, location, value);
            ScriptTable.PutUnspent(rows.Scripts, value.Script, location, value.Value);
        }

        _outputs.Clear();
        _transactions.Clear();
        _aliases.Clear();
        _takenCoinbaseOutputs.Clear();
    }
}
