// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index;

/// <summary>
/// The index as the rest of the server sees it: views to read from, updates to notify of, progress to show. Written
/// to by its follower alone.
/// </summary>
public sealed class ChainIndex : IDisposable
{
    private readonly IndexStore _store;
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IndexException> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SharedReads _shared;
    private Task _headerTreeFilling = Task.CompletedTask;
    private volatile bool _isClosing;
    private ChainView _view;
    private IndexProgress _progress;

    private ChainIndex(IndexStore store, IndexOptions options)
    {
        _store = store;
        Options = options;
        Writer = new IndexWriter(store, options);
        Mempool = new MempoolTracker(options.Coin);
        _shared = new SharedReads(options);
        _view = CreateView(MempoolView.Unknown, sequence: 0);
        _progress = IndexProgress.Starting(Writer.Tip.Height, Writer.Tip.Transactions);
        if (IsImported)
            MarkServing();
    }

    public IndexOptions Options { get; }

    /// <summary>For one consumer.</summary>
    public ChainUpdateQueue Updates { get; } = new();

    public IndexProgress Progress => Volatile.Read(ref _progress);

    /// <summary>
    /// Completes when the index has caught up with the daemon once; from then on it may be served from, after a
    /// restart at once. Before, a wallet would take half a history for the whole.
    /// </summary>
    public Task Serving => _serving.Task;

    /// <summary>
    /// Completes when the store has failed under a reader or the writer. Nothing may be served from it any more: the
    /// process should stop with the message.
    /// </summary>
    public Task<IndexException> Failure => _failure.Task;

    internal IndexWriter Writer { get; }

    internal MempoolTracker Mempool { get; }

    internal RecentBlocks RecentBlocks { get; } = new();

    /// <summary>Readers see the committed tip and the mempool as it is.</summary>
    internal bool IsShown => Serving.IsCompleted && _view.TipHash == Writer.Tip.Hash && ReferenceEquals(_view.Mempool, Mempool.View);

    internal bool IsImported => Writer.IsImported;

    internal bool IsPruningDue => _store.State.IsPruningDue;

    /// <summary>Opens or creates the database.</summary>
    /// <exception cref="IndexException">It cannot be used; the message says why and what to do.</exception>
    public static ChainIndex Open(IndexOptions options)
    {
        IndexStore store = IndexStore.Open(options);
        try
        {
            CheckpointFolder.RemoveLeftovers(options.Path);
            return new ChainIndex(store, options);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Holds the committed state still for a snapshot, while the index goes on. One at a time.</summary>
    /// <param name="serverVersion">For the manifest.</param>
    /// <param name="now">For the manifest.</param>
    /// <exception cref="SnapshotRefusedException">The index is not complete.</exception>
    /// <exception cref="IndexException">The state cannot be copied.</exception>
    public SnapshotArchive PrepareSnapshot(string serverVersion, DateTimeOffset now) => SnapshotArchive.Prepare(_store, Options, serverVersion, now);

    /// <summary>The newest state. Dispose it when the request has been answered.</summary>
    public ChainView AcquireView()
    {
        while (true)
        {
            ChainView view = Volatile.Read(ref _view);
            if (view.TryAcquire()) return view;
            ObjectDisposedException.ThrowIf(ReferenceEquals(view, Volatile.Read(ref _view)), this);
        }
    }

    /// <summary>For whoever catches what a request throws: tells a failure of the store apart from any other.</summary>
    /// <returns>True when it was one; <see cref="Failure"/> completes then.</returns>
    public bool TryReportFailure(Exception error)
    {
        IndexException? failure = error switch
        {
            IndexException known => known,
            RocksDbException native => StorageErrors.Translate(Options.Path, native),
            _ => null,
        };
        if (failure is not null) _failure.TrySetResult(failure);
        return failure is not null;
    }

    /// <summary>Ends reading and writing. Requests that still hold a view must have ended.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _headerTreeFilling.GetAwaiter().GetResult();
        Volatile.Read(ref _view).Dispose();
        Writer.Dispose();
        _store.Dispose();
    }

    /// <summary>Makes the committed state and the mempool visible to readers, then tells what changed.</summary>
    internal void Publish(IReadOnlySet<HashX> touched)
    {
        ChainView previous = _view;
        _shared.Advance(previous.Sequence + 1, touched, isReorganised: !Continues(previous));
        Volatile.Write(ref _view, CreateView(Mempool.View, previous.Sequence + 1));
        bool hasTipChanged = previous.TipHash != Writer.Tip.Hash || previous.Height != Writer.Tip.Height;
        previous.Dispose();
        FillHeaderTree();
        Updates.Publish(hasTipChanged, touched);
    }

    internal void Report(IndexProgress progress) => Volatile.Write(ref _progress, progress);

    internal void MarkServing()
    {
        _serving.TrySetResult();
        FillHeaderTree();
    }

    private ChainView CreateView(MempoolView mempool, long sequence) =>
        new(_store, Writer.Tip, mempool, RecentBlocks.Blocks, Options.PruningLimit, _shared, sequence);

    /// <summary>Whether all blocks of a view are still part of the committed chain.</summary>
    private bool Continues(ChainView view)
    {
        if (view.Height < 0) return true;
        using var read = new ReadOptions();
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        return view.Height <= Writer.Tip.Height && _store.Headers.TryGet(view.Height, read, header, out _) && BlockHeader.HashOf(header) == view.TipHash;
    }

    /// <summary>Ahead of the first proof: reading all headers takes seconds on a long chain, and a wallet would wait for them.</summary>
    private void FillHeaderTree()
    {
        if (!Serving.IsCompleted || !_headerTreeFilling.IsCompleted || HeaderTree.SegmentsOf(_view) <= _shared.HeaderTree.Segments) return;
        _headerTreeFilling = Task.Run(() =>
        {
            try
            {
                using ChainView view = AcquireView();
                while (!_isClosing && _shared.HeaderTree.Fill(view, HeaderTree.SegmentsOf(view)) > 0)
                    continue;
            }
            catch (Exception error) when (TryReportFailure(error))
            {
                // Whoever waits for the failure ends the process.
            }
        });
    }
}
