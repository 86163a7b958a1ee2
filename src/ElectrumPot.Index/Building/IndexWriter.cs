// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
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
    /// <summary>A batch is in memory three times, and all of it is read again after a kill.</summary>
    private const long MaxBatchBytes = 4 << 20;

    private readonly IndexStore _store;
    private readonly IndexOptions _options;
    private readonly ReadOptions _read = new();
    private readonly OutputResolver _resolver;
    private readonly HistoryPruner _pruner;
    private readonly BlockConnector _connector;
    private readonly BlockDisconnector _disconnector;
    private readonly StagedCommit _staged;
    private int? _firstUndoHeight;
    private int _lastWithoutUndo = -1;
    private int _committedHeight;
    private Task _committing = Task.CompletedTask;
    private bool _isHalfDone;

    public IndexWriter(IndexStore store, IndexOptions options)
    {
        _store = store;
        _options = options;
        _resolver = new OutputResolver(store, _read);
        _pruner = new HistoryPruner(store, options.PruningLimit, _read);
        _connector = new BlockConnector(store, _resolver) { IsImport = !store.State.IsImported, StoresTransactions = options.StoreTransactions };
        _disconnector = new BlockDisconnector(store, _read);
        _staged = new StagedCommit(store);
        Restorer = new UndoRestorer(store, _resolver, _read, options.PruningLimit);
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

    /// <summary>The index has caught up with the daemon once.</summary>
    public bool IsImported => !_connector.IsImport;

    /// <summary>The lowest height that can be undone, and all above it as well; null when none can.</summary>
    public int? FirstUndoHeight => _firstUndoHeight <= Tip.Height ? _firstUndoHeight : null;

    /// <summary>What the block connected last has spent; valid until the next one.</summary>
    public ReadOnlySpan<UndoEntry> Spent => _connector.Spent;

    private RowSet Rows => _connector.Rows;

    /// <summary>Finds out what blocks have spent whose undo data are gone.</summary>
    public UndoRestorer Restorer { get; }

    /// <summary>What a committed block has spent; null when its undo data are gone.</summary>
    public List<UndoEntry>? GetSpent(int height) => _store.Undo.Get(height, _read);

    /// <summary>Hash of a committed block.</summary>
    public Hash256 GetHash(int height) => BlockHeader.HashOf(GetHeader(height));

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
        _connector.Connect(block, keepUndo, touched);
        if (keepUndo)
            _firstUndoHeight = Math.Min(_firstUndoHeight ?? block.Height, block.Height);
        else
            _lastWithoutUndo = block.Height;
        Tip = new IndexTip(block.Height, block.Hash, Tip.Transactions + block.Txids.Length);
        _isHalfDone = false;
    }

    /// <summary>Commits when enough waits. During the import the next blocks can be connected meanwhile.</summary>
    public void CommitWhenFull()
    {
        // Half of the memory is for what is being written.
        long limit = IsImported ? Math.Min(_options.ImportBufferBytes, MaxBatchBytes) : _options.ImportBufferBytes / 2;
        if (_connector.PendingBytes < limit) return;
        if (IsImported)
            Commit(isDurable: false);
        else
            BeginStagedCommit();
    }

    /// <summary>Writes everything that waits, atomically.</summary>
    /// <param name="isDurable">Wait for the disk; a commit of the import always does.</param>
    public void Commit(bool isDurable)
    {
        if (!IsImported)
        {
            BeginStagedCommit();
            AwaitCommit();
            return;
        }

        BeginChange();
        ExpireUndo();
        RowSet rows = _connector.Take();
        using var batch = new WriteBatch();
        rows.MoveTo(batch);
        _store.State.PutTip(batch, Tip);
        _store.Write(batch, isDurable);
        _committedHeight = Tip.Height;
        _resolver.Refresh();
        _isHalfDone = false;
    }

    /// <summary>Takes the tip back by one block and commits. Nothing else may wait for a commit.</summary>
    /// <param name="restored">What the block has spent, where its undo data are gone and it was found out anew.</param>
    /// <returns>False when the undo data of the block are gone.</returns>
    public bool TryDisconnect(HashSet<HashX> touched, List<UndoEntry>? restored = null)
    {
        AwaitCommit();
        _connector.ForgetPrevious();
        int height = Tip.Height;
        if ((restored ?? _store.Undo.Get(height, _read)) is not { } undo) return false;
        byte[] header = new byte[BlockHeader.Size];
        if (!_store.Headers.TryGet(height, _read, header, out int transactionCount))
            throw new IndexCorruptException($"The header of the tip {height} is missing from the database.");

        BeginChange();
        _disconnector.Disconnect(height, transactionCount, undo, Rows, _connector.SpentRows, withScripts: IsImported, touched);
        if (_firstUndoHeight >= height) _firstUndoHeight = null;
        _lastWithoutUndo = Math.Min(_lastWithoutUndo, height - 1);

        Tip = new IndexTip(height - 1, BlockHeader.PreviousHashOf(header), Tip.Transactions - transactionCount);
        using var batch = new WriteBatch();
        Rows.MoveTo(batch);
        _store.State.PutTip(batch, Tip);
        _store.Write(batch, isDurable: true);
        _committedHeight = Tip.Height;
        _resolver.Refresh();
        _isHalfDone = false;
        return true;
    }

    /// <summary>
    /// Ends the import: makes the table of the scripts and marks the database as complete. Interrupted, it is done again
    /// from the start.
    /// </summary>
    public void CompleteImport(CancellationToken cancellation, IProgress<WorkProgress>? progress = null)
    {
        AwaitCommit();
        _connector.ReleaseMemory();
        new ImportCompletion(_store, _options, progress).Run(Tip.Height - _options.ReorgLimit, cancellation);
        _connector.IsImport = false;
        _resolver.Refresh();
    }

    /// <summary>Removes what a lowered pruning limit leaves out. Interrupted, it is done again from the start.</summary>
    public void PruneAll(CancellationToken cancellation, IProgress<WorkProgress>? progress = null)
    {
        _pruner.PruneAll(Tip.Height - _options.ReorgLimit, cancellation, progress);
        using var batch = new WriteBatch();
        _store.State.DeletePruningDue(batch);
        _store.Write(batch, isDurable: true);
    }

    /// <summary>Removes every block: for a reorganisation deeper than the undo data reach.</summary>
    /// <param name="touched">
    /// Collects the transactions above the fork, the outputs spent there, and the scripts whose histories have entries there.
    /// </param>
    public void Reset(int fork, HashSet<HashX> touched)
    {
        AwaitCommit();
        _connector.ForgetPrevious();
        _connector.IsImport = true;
        using (Iterator rows = _store.Scripts.NewIterator(_read))
        {
            for (rows.SeekToFirst(); rows.Valid(); rows.Next())
            {
                bool isSpent = ScriptTable.IsSpent(rows.KeySpan, out HashX script, out TxLocation location);
                if (location.Height <= fork) continue;
                touched.Add(script);
                if (isSpent) touched.Add(_disconnector.NameOf(ScriptTable.ReadSpentOutput(rows.ValueSpan)));
            }
        }

        using (Iterator rows = _store.Txids.NewIterator(_read))
            TxidTable.CollectAbove(rows, fork, touched);

        _store.RemoveAllBlocks();
        _resolver.Refresh();
        _firstUndoHeight = null;
        _lastWithoutUndo = -1;
        Tip = IndexTip.Empty;
        _committedHeight = Tip.Height;
    }

    public void Dispose()
    {
        // Whoever waited for it has its failure.
        Task.WaitAny(_committing);
        _resolver.Dispose();
        _read.Dispose();
    }

    private void BeginChange()
    {
        if (_isHalfDone)
            throw new InvalidOperationException("A change of the index has failed half-way; the database must be opened again before the next one.");
        _isHalfDone = true;
    }

    /// <summary>Lets a commit run while the next blocks are connected. Only one at a time: this waits for the one before.</summary>
    private void BeginStagedCommit()
    {
        AwaitCommit();
        BeginChange();
        if (Tip.Height != _committedHeight)
        {
            ExpireUndo();
            RowSet rows = _connector.Take();
            IndexTip tip = Tip;
            _committing = Task.Run(() =>
            {
                _staged.Write(rows, tip);
                rows.Clear();
            });
            _committedHeight = tip.Height;
        }

        _isHalfDone = false;
    }

    /// <exception cref="IndexException">It failed. Every further call fails as well: what came after it must not be committed.</exception>
    private void AwaitCommit()
    {
        if (_committing.IsCompletedSuccessfully && _committing == Task.CompletedTask) return;
        _committing.GetAwaiter().GetResult();
        _committing = Task.CompletedTask;
        _resolver.Refresh();
    }

    /// <summary>Drops the undo data of blocks too deep to be undone, and with them the spends that no undo can bring back into a history.</summary>
    private void ExpireUndo()
    {
        // Below a block without undo data those of others are of no use any more: the server was away for long.
        int last = Math.Max(Tip.Height - _options.ReorgLimit, _lastWithoutUndo);
        int finalHeight = -1;
        // After an outage many blocks expire at once: each script is looked at once, not once for each of them.
        var spentFrom = new HashSet<HashX>();
        while (_firstUndoHeight is { } height && height <= last)
        {
            // Blocks that are still waiting have their undo data among the rows; they expire with a later commit.
            if (height > _committedHeight) break;
            // None were kept for blocks that were already too deep when the index caught up with them.
            if (_store.Undo.Get(height, _read) is { } entries)
            {
                foreach (UndoEntry entry in entries)
                    spentFrom.Add(entry.Script);
                finalHeight = height;
                UndoTable.Delete(Rows.Undo, height);
            }

            _firstUndoHeight = height + 1;
        }

        // A lowered limit is applied to the whole table in one go, in bounded portions.
        if (IsImported && !_store.State.IsPruningDue)
            _pruner.PruneScripts(spentFrom, finalHeight, Rows.Scripts);
        if (_firstUndoHeight <= _lastWithoutUndo) _firstUndoHeight = _lastWithoutUndo + 1;
    }
}
