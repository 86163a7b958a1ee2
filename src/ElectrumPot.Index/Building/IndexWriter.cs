// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>
/// The one writer. Turns digests into rows of all tables, and commits them with the new tip in one batch: after a
/// kill at any moment the store is at a block, whole. Not thread-safe.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly IndexStore _store;
    private readonly int _reorgLimit;
    private readonly ReadOptions _read = new();
    private readonly OutputResolver _resolver;
    private readonly HistoryPruner _pruner;
    private readonly RowSet _rows = new();
    private readonly PendingBlocks _pending = new();
    private readonly List<UndoEntry> _undo = [];
    private int? _firstUndoHeight;
    private int _committedHeight;
    private bool _isHalfDone;

    public IndexWriter(IndexStore store, IndexOptions options)
    {
        _store = store;
        _reorgLimit = options.ReorgLimit;
        _resolver = new OutputResolver(store, _read);
        _pruner = new HistoryPruner(store, options.PruningLimit, _read);
        Tip = store.State.Tip;
        _committedHeight = Tip.Height;
        _firstUndoHeight = store.Undo.FirstHeight(_read);
    }

    /// <summary>The last block connected, committed or not.</summary>
    public IndexTip Tip { get; private set; }

    /// <summary>
    /// False once a change has failed half-way: the rows in memory may then be those of half a block, or be gone while the tip
    /// stays, so nothing is ever committed again. The store is as the last commit left it.
    /// </summary>
    public bool IsSound => !_isHalfDone;

    /// <summary>Memory of what waits for the commit.</summary>
    public long PendingBytes => _rows.Bytes + _pending.Bytes;

    /// <summary>The lowest height that can be undone; null when none can.</summary>
    public int? FirstUndoHeight => _firstUndoHeight;

    /// <summary>What the block connected last has spent; valid until the next one.</summary>
    public ReadOnlySpan<UndoEntry> Spent => CollectionsMarshal.AsSpan(_undo);

    /// <summary>What a committed block has spent; null when its undo data are gone.</summary>
    public List<UndoEntry>? GetSpent(int height) => _store.Undo.Get(height, _read);

    /// <summary>Hash of a committed block.</summary>
    public Hash256 GetHash(int height)
    {
        Span<byte> header = GetHeader(height);
        return BlockHeader.HashOf(header);
    }

    /// <summary>The 80 bytes of a committed header.</summary>
    public byte[] GetHeader(int height)
    {
        byte[] header = new byte[BlockHeader.Size];
        return _store.Headers.TryGet(height, _read, header, out _)
            ? header
            : throw new IndexCorruptException($"The header of height {height} is missing from the database.");
    }

    /// <summary>Looks up a confirmed output that no block spends, for the mempool.</summary>
    public bool TryGetUnspent(OutPoint outPoint, out HashX script, out long value)
    {
        bool isFound = _resolver.Find(outPoint, isConfirmed: false, out _, out OutputValue output) == OutputResolver.Outcome.Found;
        (script, value) = (output.Script, output.Value);
        return isFound;
    }

    /// <summary>Adds the next block to what waits for the commit.</summary>
    /// <param name="keepUndo">False during the import of blocks too deep to be undone.</param>
    /// <param name="touched">Collects the scripts, the transactions and the spent outputs of the block; null during the import.</param>
    /// <exception cref="IndexCorruptException">The block spends what the index does not know.</exception>
    public void Connect(BlockDigest block, bool keepUndo, HashSet<HashX>? touched)
    {
        if (block.Height != Tip.Height + 1 || (block.Height > 0 && block.PreviousHash != Tip.Hash))
            throw new ArgumentException($"Block {block.Height} {block.Hash} does not follow the tip {Tip.Height} {Tip.Hash}.", nameof(block));

        BeginChange();
        _undo.Clear();
        HeaderTable.Put(_rows.Headers, block.Height, block.Header, block.Txids.Length);
        TxidTable.Put(_rows.Txids, block.Height, block.Txids);
        RemoveOverwrittenOutputs(block, touched);
        ConnectTransactions(block, touched);
        foreach (ScriptAlias alias in block.Aliases)
        {
            touched?.Add(alias.AddressScript);
            if (_pending.AddAlias(alias))
                AliasTable.Put(_rows.Aliases, alias);
        }

        if (keepUndo)
        {
            UndoTable.Put(_rows.Undo, block.Height, CollectionsMarshal.AsSpan(_undo));
            _firstUndoHeight ??= block.Height;
        }

        Tip = new IndexTip(block.Height, block.Hash, Tip.Transactions + block.Txids.Length);
        _isHalfDone = false;
    }

    /// <summary>Writes everything that waits, atomically.</summary>
    public void Commit(bool isDurable)
    {
        BeginChange();
        using var batch = new WriteBatch();
        ExpireUndo();
        _pending.MoveTo(_rows);
        _rows.MoveTo(batch, _store);
        _store.State.PutTip(batch, Tip);
        _store.Write(batch, isDurable);
        _committedHeight = Tip.Height;
        _resolver.Refresh();
        _isHalfDone = false;
    }

    /// <summary>Takes the tip back by one block and commits. Nothing else may wait for a commit.</summary>
    /// <returns>False when the undo data of the block are gone.</returns>
    public bool TryDisconnect(HashSet<HashX> touched)
    {
        int height = Tip.Height;
        if (_store.Undo.Get(height, _read) is not { } undo) return false;
        byte[] header = new byte[BlockHeader.Size];
        if (!_store.Headers.TryGet(height, _read, header, out int transactionCount))
            throw new IndexCorruptException($"The header of the tip {height} is missing from the database.");

        BeginChange();
        foreach (UndoEntry entry in undo)
        {
            touched.Add(entry.Script);
            if (entry.InputIndex != UndoEntry.Overwritten)
            {
                touched.Add(NameOf(entry.Output));
                ScriptTable.DeleteSpent(_rows.Scripts, entry.Script, new TxLocation(height, entry.Position), entry.InputIndex);
            }

            // What the block itself created goes with it.
            if (entry.Output.Transaction.Height == height) continue;
            OutputTable.Put(_rows.Outputs, entry.Output, new OutputValue(entry.Script, entry.Value));
            ScriptTable.PutUnspent(_rows.Scripts, entry.Script, entry.Output, entry.Value);
        }

        foreach ((OutputLocation output, OutputValue value) in _store.Outputs.GetCreatedAt(height, _read))
        {
            touched.Add(value.Script);
            OutputTable.Delete(_rows.Outputs, output);
            ScriptTable.DeleteUnspent(_rows.Scripts, value.Script, output);
        }

        Hash256[] txids = _store.Txids.GetBlock(height, transactionCount, _read);
        for (int position = 0; position < txids.Length; position++)
        {
            touched.Add(HashX.OfTxid(txids[position]));
            LocationTable.Delete(_rows.Locations, txids[position], new TxLocation(height, position));
        }

        TxidTable.Delete(_rows.Txids, height, transactionCount);
        HeaderTable.Delete(_rows.Headers, height);
        UndoTable.Delete(_rows.Undo, height);
        if (_firstUndoHeight == height) _firstUndoHeight = null;

        Tip = new IndexTip(height - 1, BlockHeader.PreviousHashOf(header), Tip.Transactions - transactionCount);
        using var batch = new WriteBatch();
        _rows.MoveTo(batch, _store);
        _store.State.PutTip(batch, Tip);
        _store.Write(batch, isDurable: true);
        _committedHeight = Tip.Height;
        _resolver.Refresh();
        _isHalfDone = false;
        return true;
    }

    /// <summary>
    /// Ends the import: removes what the pruning limit leaves out and marks the database as complete. Interrupted, it
    /// is done again from the start.
    /// </summary>
    public void CompleteImport(CancellationToken cancellation)
    {
        _pruner.PruneAll(Tip.Height - _reorgLimit, cancellation);
        using var batch = new WriteBatch();
        _store.State.PutImported(batch);
        _store.Write(batch, isDurable: true);
    }

    /// <summary>Removes every block: for a reorganisation deeper than the undo data reach.</summary>
    /// <param name="touched">
    /// Collects the transactions above the fork, the outputs spent there, and the scripts whose histories have entries there.
    /// </param>
    public void Reset(int fork, HashSet<HashX> touched)
    {
        using (Iterator rows = _store.Scripts.NewIterator(_read))
        {
            for (rows.SeekToFirst(); rows.Valid(); rows.Next())
            {
                bool isSpent = ScriptTable.IsSpent(rows.KeySpan, out HashX script, out TxLocation location);
                if (location.Height <= fork) continue;
                touched.Add(script);
                if (isSpent) touched.Add(NameOf(ScriptTable.ReadSpentOutput(rows.ValueSpan)));
            }
        }

        using (Iterator rows = _store.Txids.NewIterator(_read))
            TxidTable.CollectAbove(rows, fork, touched);

        _store.RemoveAllBlocks();
        _resolver.Refresh();
        _firstUndoHeight = null;
        Tip = IndexTip.Empty;
        _committedHeight = Tip.Height;
    }

    public void Dispose()
    {
        _resolver.Dispose();
        _read.Dispose();
    }

    private void BeginChange()
    {
        if (_isHalfDone)
            throw new InvalidOperationException("A change of the index has failed half-way; the database must be opened again before the next one.");
        _isHalfDone = true;
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
            LocationTable.Put(_rows.Locations, block.Txids[position], location);
            _pending.AddTransaction(block.Txids[position], location);
            for (; nextOutput < block.Outputs.Length && block.Outputs[nextOutput].Position == position; nextOutput++)
            {
                DigestOutput output = block.Outputs[nextOutput];
                _pending.AddOutput(new OutputLocation(location, output.Index), new OutputValue(output.Script, output.Value));
                touched?.Add(output.Script);
            }
        }
    }

    private void Spend(DigestInput input, TxLocation spending, HashSet<HashX>? touched)
    {
        if (!TryTakeOutput(input.PreviousOutput, out OutputLocation output, out OutputValue value))
            return;
        ScriptTable.PutSpent(_rows.Scripts, value.Script, new SpentRow(spending, input.Index, output));
        _undo.Add(new UndoEntry(value.Script, output, value.Value, input.Position, input.Index));
        touched?.Add(value.Script);
        touched?.Add(HashX.OfOutPoint(input.PreviousOutput));
    }

    private HashX NameOf(OutputLocation output) =>
        _store.Txids.TryGet(output.Transaction, _read, out Hash256 txid)
            ? HashX.OfOutPoint(new OutPoint(txid, (uint)output.Index))
            : throw new IndexCorruptException(
                $"The txid of transaction {output.Transaction.Position} of block {output.Transaction.Height} is missing from the database.");

    /// <returns>False for an output that is not indexed: zero value and empty script.</returns>
    private bool TryTakeOutput(OutPoint outPoint, out OutputLocation output, out OutputValue value)
    {
        bool isPending = _pending.TryGetTransaction(outPoint.Txid, out TxLocation location);
        output = new OutputLocation(location, (int)outPoint.Index);
        if (isPending && _pending.TryTakeOutput(output, out value)) return true;

        switch (_resolver.Find(outPoint, isConfirmed: !isPending, out output, out value))
        {
            case OutputResolver.Outcome.Found:
                TakeFromStore(output, value);
                return true;
            case OutputResolver.Outcome.UnknownTransaction when !isPending:
                throw new IndexCorruptException(
                    $"Block {Tip.Height + 1} spends {outPoint}, a transaction that the index does not know. "
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
            var outPoint = new OutPoint(txid, (uint)output.Index);
            OutputLocation earlier;
            OutputValue value;
            if (_pending.TryGetTransaction(txid, out TxLocation location))
            {
                // It has taken the place of any in the store already.
                earlier = new OutputLocation(location, output.Index);
                if (!_pending.TryTakeOutput(earlier, out value)) continue;
            }
            else if (_resolver.Find(outPoint, isConfirmed: false, out earlier, out value) == OutputResolver.Outcome.Found
                && !_pending.IsTaken(earlier))
            {
                TakeFromStore(earlier, value);
            }
            else
            {
                continue;
            }

            _undo.Add(new UndoEntry(value.Script, earlier, value.Value, 0, UndoEntry.Overwritten));
            touched?.Add(value.Script);
        }
    }

    private void TakeFromStore(OutputLocation output, OutputValue value)
    {
        OutputTable.Delete(_rows.Outputs, output);
        ScriptTable.DeleteUnspent(_rows.Scripts, value.Script, output);
        _pending.MarkTaken(output);
    }

    /// <summary>Drops the undo data of blocks too deep to be undone, and with them the spends that no undo can bring back into a history.</summary>
    private void ExpireUndo()
    {
        while (_firstUndoHeight is { } height && height <= Tip.Height - _reorgLimit)
        {
            // Blocks that are still waiting have their undo data among the rows; they expire with a later commit.
            if (height > _committedHeight) break;
            // None were kept for blocks that were already too deep when the index caught up with them.
            if (_store.Undo.Get(height, _read) is { } entries)
            {
                _pruner.PruneScripts(entries, height, _rows.Scripts);
                UndoTable.Delete(_rows.Undo, height);
            }

            _firstUndoHeight = height + 1;
        }
    }
}
