// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Building;

/// <summary>
/// Turns blocks into the rows of the next commit. Holds what earlier blocks of that commit have created, and of the
/// commit before, which may still be on its way to the disk.
/// </summary>
internal sealed class BlockConnector(IndexStore store, OutputResolver resolver)
{
    private readonly List<UndoEntry> _undo = [];
    private PendingBlocks _pending = new();
    private PendingBlocks _previous = new();
    private RowSet _spareRows = new(store);

    public RowSet Rows { get; private set; } = new(store);

    /// <summary>
    /// During the first import spends go to a table of their own and the unspent rows of the scripts are left out: they
    /// are made from the unspent outputs when it ends.
    /// </summary>
    public required bool IsImport { get; set; }

    public bool StoresTransactions { get; init; }

    /// <summary>Memory of what waits for the commit.</summary>
    public long PendingBytes => Rows.Bytes + _pending.Bytes;

    /// <summary>What the block connected last has spent; valid until the next one.</summary>
    public ReadOnlySpan<UndoEntry> Spent => CollectionsMarshal.AsSpan(_undo);

    /// <summary>The table of spends.</summary>
    public RowBuffer SpentRows => IsImport ? Rows.Spends : Rows.Scripts;

    public void Connect(BlockDigest block, bool keepUndo, HashSet<HashX>? touched)
    {
        _undo.Clear();
        HeaderTable.Put(Rows.Headers, block.Height, block.Header, block.Txids.Length);
        TxidTable.Put(Rows.Txids, block.Height, block.Txids);
        if (block.Position is { } position)
            BlockTable.Put(Rows.Blocks, block.Height, position, block.TransactionOffsets);
        if (StoresTransactions)
            PutTransactions(block);
        RemoveOverwrittenOutputs(block, touched);
        ConnectTransactions(block, touched);
        foreach (ScriptAlias alias in block.Aliases)
        {
            touched?.Add(alias.AddressScript);
            if (_pending.AddAlias(alias))
                AliasTable.Put(Rows.Aliases, alias);
        }

        if (keepUndo)
            UndoTable.Put(Rows.Undo, block.Height, Spent);
    }

    /// <summary>Completes the rows of the commit and starts the next one.</summary>
    /// <returns>The rows, to be given back once they are in the store.</returns>
    public RowSet Take()
    {
        RowSet rows = Rows;
        _pending.WriteTo(rows, withScripts: !IsImport);
        Rows = _spareRows;
        _spareRows = rows;
        (_previous, _pending) = (_pending, _previous);
        _pending.Clear();
        return rows;
    }

    /// <summary>Gives back the memory that the import needed. Nothing may be waiting.</summary>
    public void ReleaseMemory()
    {
        (_pending, _previous) = (new PendingBlocks(), new PendingBlocks());
        (Rows, _spareRows) = (new RowSet(store), new RowSet(store));
    }

    /// <summary>Forgets the blocks of the last commit: the store has them, and may change under them now.</summary>
    public void ForgetPrevious() => _previous.Clear();

    private void PutTransactions(BlockDigest block)
    {
        ReadOnlySpan<byte> raw = block.Raw.Span;
        for (int position = 0; position < block.Txids.Length; position++)
            TransactionTable.Put(Rows.Transactions, new TxLocation(block.Height, position), raw[block.TransactionOffsets[position]..block.TransactionOffsets[position + 1]]);
    }

    private void ConnectTransactions(BlockDigest block, HashSet<HashX>? touched)
    {
        int nextInput = 0;
        int nextOutput = 0;
        for (int position = 0; position < block.Txids.Length; position++)
        {
            var location = new TxLocation(block.Height, position);
            for (; nextInput < block.Inputs.Length && block.Inputs[nextInput].Position == position; nextInput++)
                Spend(block.Inputs[nextInput], location, touched);

            touched?.Add(HashX.OfTxid(block.Txids[position]));
            LocationTable.Put(Rows.Locations, block.Txids[position], location);
            int firstOutput = nextOutput;
            for (; nextOutput < block.Outputs.Length && block.Outputs[nextOutput].Position == position; nextOutput++)
                touched?.Add(block.Outputs[nextOutput].Script);
            _pending.AddTransaction(block.Txids[position], location, block.Outputs.AsSpan(firstOutput..nextOutput));
        }
    }

    private void Spend(DigestInput input, TxLocation spending, HashSet<HashX>? touched)
    {
        if (!TryTakeOutput(spending.Height, input.PreviousOutput, out OutputLocation output, out OutputValue value))
            return;
        ScriptTable.PutSpent(SpentRows, value.Script, new SpentRow(spending, input.Index, output));
        _undo.Add(new UndoEntry(value.Script, output, value.Value, input.Position, input.Index));
        touched?.Add(value.Script);
        touched?.Add(HashX.OfOutPoint(input.PreviousOutput));
    }

    /// <returns>False for an output that is not indexed: zero value and empty script.</returns>
    private bool TryTakeOutput(int height, OutPoint outPoint, out OutputLocation output, out OutputValue value)
    {
        bool isPending = _pending.TryGetTransaction(outPoint.Txid, out PendingTransaction pending);
        if (isPending)
        {
            output = new OutputLocation(pending.Location, (int)outPoint.Index);
            if (_pending.TryTakeOutput(pending, outPoint.Index, out value)) return true;
        }

        bool isCommitted = _previous.TryGetTransaction(outPoint.Txid, out PendingTransaction previous);
        if (isCommitted)
        {
            output = new OutputLocation(previous.Location, (int)outPoint.Index);
            if (_previous.TryTakeOutput(previous, outPoint.Index, out value))
            {
                TakeFromStore(output, value);
                return true;
            }
        }

        // Known, but not with this output: an earlier coinbase of the same txid may have it.
        bool isKnown = isPending || isCommitted;
        switch (resolver.Find(outPoint, isConfirmed: !isKnown, out output, out value))
        {
            case OutputResolver.Outcome.Found:
                TakeFromStore(output, value);
                return true;
            case OutputResolver.Outcome.UnknownTransaction when !isKnown:
                throw new IndexCorruptException(
                    $"Block {height} spends {outPoint}, a transaction that the index does not know. "
                    + "Restore a copy of the database, or remove it to import again.");
            default:
                return false;
        }
    }

    /// <summary>
    /// A coinbase whose txid an earlier one has already takes its place: the outputs of the earlier one can never be
    /// spent again (as the nodes' own table of unspent outputs has it).
    /// </summary>
    private void RemoveOverwrittenOutputs(BlockDigest block, HashSet<HashX>? touched)
    {
        Hash256 txid = block.Txids[0];
        foreach (DigestOutput output in block.Outputs)
        {
            if (output.Position != 0) break;
            if (!TryTakeOverwritten(new OutPoint(txid, (uint)output.Index), out OutputLocation earlier, out OutputValue value)) continue;
            _undo.Add(new UndoEntry(value.Script, earlier, value.Value, 0, UndoEntry.Overwritten));
            touched?.Add(value.Script);
        }
    }

    private bool TryTakeOverwritten(OutPoint outPoint, out OutputLocation earlier, out OutputValue value)
    {
        if (_pending.TryGetTransaction(outPoint.Txid, out PendingTransaction pending))
        {
            // It has taken the place of any in the store already.
            earlier = new OutputLocation(pending.Location, (int)outPoint.Index);
            return _pending.TryTakeOutput(pending, outPoint.Index, out value);
        }

        if (_previous.TryGetTransaction(outPoint.Txid, out PendingTransaction previous))
        {
            earlier = new OutputLocation(previous.Location, (int)outPoint.Index);
            if (!_previous.TryTakeOutput(previous, outPoint.Index, out value)) return false;
            TakeFromStore(earlier, value);
            return true;
        }

        if (resolver.Find(outPoint, isConfirmed: false, out earlier, out value) != OutputResolver.Outcome.Found
            || _pending.IsTaken(earlier) || _previous.IsTaken(earlier))
        {
            return false;
        }

        TakeFromStore(earlier, value);
        return true;
    }

    private void TakeFromStore(OutputLocation output, OutputValue value)
    {
        OutputTable.Delete(Rows.Outputs, output);
        if (!IsImport)
            ScriptTable.DeleteUnspent(Rows.Scripts, value.Script, output);
        _pending.MarkTaken(output);
    }
}
