// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Building;

/// <summary>A transaction that waits for the commit, and where its outputs stand among those that wait.</summary>
/// <param name="FirstSlot">Of output 0.</param>
/// <param name="Slots">One for each output up to the last that is indexed.</param>
internal readonly record struct PendingTransaction(TxLocation Location, int FirstSlot, int Slots);

/// <summary>
/// What the blocks of one commit have created and not yet spent. An output that lives and dies within one commit
/// never reaches the tables of unspent outputs: during the import that is most of them.
/// </summary>
internal sealed class PendingBlocks
{
    // What an entry costs in dictionary and list, for the memory budget.
    private const int TransactionCost = 80;

    private readonly Dictionary<Hash256, PendingTransaction> _transactions = [];
    private readonly List<PendingTransaction> _inOrder = [];
    private readonly OutputSlots _outputs = new();
    private readonly HashSet<ScriptAlias> _aliases = [];
    private readonly HashSet<OutputLocation> _takenCoinbaseOutputs = [];

    public long Bytes => _outputs.Bytes + ((long)_inOrder.Count * TransactionCost);

    /// <param name="outputs">Of the transaction, in their order.</param>
    public void AddTransaction(Hash256 txid, TxLocation location, ReadOnlySpan<DigestOutput> outputs)
    {
        int first = _outputs.Count;
        foreach (ref readonly DigestOutput output in outputs)
        {
            // Outputs that are not indexed lie between.
            while (_outputs.Count - first < output.Index)
                _outputs.AddEmpty();
            _outputs.Add(new OutputValue(output.Script, output.Value));
        }

        var transaction = new PendingTransaction(location, first, _outputs.Count - first);
        _transactions[txid] = transaction;
        _inOrder.Add(transaction);
    }

    public bool TryGetTransaction(Hash256 txid, out PendingTransaction transaction) => _transactions.TryGetValue(txid, out transaction);

    public bool TryTakeOutput(in PendingTransaction transaction, uint index, out OutputValue value)
    {
        value = default;
        return index < (uint)transaction.Slots && _outputs.TryTake(transaction.FirstSlot + (int)index, out value);
    }

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

    /// <summary>Writes the outputs that have survived, in the order of the chain.</summary>
    /// <param name="withScripts">Whether the unspent rows of the scripts are kept as well.</param>
    public void WriteTo(RowSet rows, bool withScripts)
    {
        foreach (PendingTransaction transaction in _inOrder)
        {
            for (int index = 0; index < transaction.Slots; index++)
            {
                if (!_outputs.TryGet(transaction.FirstSlot + index, out OutputValue value)) continue;
                var location = new OutputLocation(transaction.Location, index);
                OutputTable.Put(rows.Outputs, location, value);
                if (withScripts)
                    ScriptTable.PutUnspent(rows.Scripts, value.Script, location, value.Value);
            }
        }
    }

    public void Clear()
    {
        _transactions.Clear();
        _inOrder.Clear();
        _outputs.Clear();
        _aliases.Clear();
        _takenCoinbaseOutputs.Clear();
    }
}
