// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Fees;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

/// <summary>Brings the index from where it is to a tip of the daemon: forwards, or back to the fork and then forwards.</summary>
internal sealed class ChainSynchronizer(
    ChainIndex index, DaemonClient daemon, IBlockSource blocks, FollowerOptions options, ILogger log, TimeProvider time)
{
    private readonly IndexWriter _writer = index.Writer;
    private readonly ForkFinder _forks = new(index.Writer, daemon);
    private readonly DigestStream _digests = new(blocks, index.Options.Coin, index.Options.StoreTransactions);
    private readonly ImportMeter _meter = new(time);
    // While the index is built anew above this block, wallets are subscribed to what it says.
    private int? _rebuildFork;
    private ChainTip? _shorterTip;
    private long _shorterSince;

    /// <summary>When the last block was connected.</summary>
    public DateTimeOffset? LastBlockAt { get; private set; }

    /// <summary>Does what can be done towards the tip, and commits it.</summary>
    /// <param name="touched">Collects the scripts that the change touches.</param>
    /// <returns>Null when the index now stands at the tip; else why it waits, in a sentence for the operator.</returns>
    /// <exception cref="ChainChangedException">The daemon's chain changed meanwhile: ask for its tip again.</exception>
    public async Task<string?> SynchronizeAsync(ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        if (IsAt(tip)) return null;
        if (await MustWaitAsync(tip, touched, cancellation) is { } reason) return reason;
        await ConnectAsync(tip, touched, cancellation);
        return null;
    }

    private bool IsAt(ChainTip tip) => _writer.Tip.Height == tip.Height && _writer.Tip.Hash == tip.Hash;

    /// <summary>Goes back to the fork, unless the daemon is merely behind.</summary>
    private async Task<string?> MustWaitAsync(ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        int fork = await _forks.FindForkAsync(tip, cancellation);
        if (fork == _writer.Tip.Height) return null;
        if (fork == tip.Height)
            return $"the daemon is at block {tip.Height}, {_writer.Tip.Height - tip.Height} behind the index on the same chain; waiting for it";

        bool canUndo = _writer.FirstUndoHeight is { } first && first <= fork + 1;
        if (tip.Height < _writer.Tip.Height && !await IsShorterChainToFollowAsync(fork, tip, canUndo, cancellation))
            return $"the daemon shows a shorter chain (block {tip.Height}, fork at {fork}) with less work; waiting whether it lasts";

        if (!canUndo)
        {
            log.ReorganisingBeyondUndo(fork);
            index.Mempool.Rewind(touched);
            _writer.Reset(fork, touched);
            index.RecentBlocks.Clear();
            _rebuildFork = fork;
            return null;
        }

        log.Reorganising(_writer.Tip.Height - fork, fork);
        index.Report(index.Progress with { State = IndexState.Reorganising });
        index.Mempool.Rewind(touched);
        index.RecentBlocks.Rewind(fork);
        while (_writer.Tip.Height > fork)
        {
            if (!_writer.TryDisconnect(touched))
                throw new IndexCorruptException($"The undo data of block {_writer.Tip.Height} are missing from the database.");
        }

        return null;
    }

    /// <summary>More work: at once. Less work: after a while, and only where nothing would be thrown away for it.</summary>
    private async Task<bool> IsShorterChainToFollowAsync(int fork, ChainTip tip, bool canUndo, CancellationToken cancellation)
    {
        if (!canUndo) return false;
        if (await _forks.HasDaemonMoreWorkAsync(fork, tip, cancellation)) return true;
        if (_shorterTip != tip)
        {
            _shorterTip = tip;
            _shorterSince = time.GetTimestamp();
        }

        return time.GetElapsedTime(_shorterSince) >= options.ShorterChainPatience;
    }

    private async Task ConnectAsync(ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        int first = _writer.Tip.Height + 1;
        bool isImport = !index.IsImported || tip.Height - first >= options.ImportDistance;
        IndexState state = index.IsImported ? IndexState.CatchingUp : IndexState.Importing;
        long started = time.GetTimestamp();
        long reported = started;
        _meter.Start(_writer.Tip);
        index.Report(_meter.Measure(state, _writer.Tip, tip.Height, LastBlockAt));
        if (isImport)
            log.ImportStarted(first, tip.Height);

        bool isBetweenBlocks = true;
        try
        {
            await foreach (BlockDigest block in _digests.ReadAsync(first, tip.Height, tip.Height - RecentBlocks.Capacity + 1, cancellation))
            {
                if (block.Height > 0 && block.PreviousHash != _writer.Tip.Hash)
                    throw new ChainChangedException(block.Height, $"block {block.Height} does not follow the index's tip");
                bool keepUndo = block.Height > tip.Height - index.Options.ReorgLimit;
                isBetweenBlocks = false;
                _writer.Connect(block, keepUndo, index.IsImported || block.Height > _rebuildFork ? touched : null);
                isBetweenBlocks = true;
                if (block.Transactions is not null)
                    index.RecentBlocks.Append(block, _writer.Spent);
                LastBlockAt = time.GetUtcNow();
                if (index.IsImported)
                    index.Mempool.Connect(block, touched);
                if (!isImport)
                    log.BlockConnected(block.Height, block.Hash, block.Txids.Length);
                _writer.CommitWhenFull();
                if (isImport && time.GetElapsedTime(reported) >= options.ProgressInterval)
                {
                    reported = time.GetTimestamp();
                    ReportImport(state, tip.Height);
                }
            }
        }
        finally
        {
            // What was connected before the source failed is sound: it is kept. A block that failed half-way is not.
            if (isBetweenBlocks)
                _writer.Commit(isDurable: true);
        }

        if (isImport)
            log.ImportFinished(_writer.Tip.Height, _writer.Tip.Hash, _writer.Tip.Transactions, Describe(time.GetElapsedTime(started)));
    }

    private void ReportImport(IndexState state, int daemonHeight)
    {
        IndexProgress progress = _meter.Measure(state, _writer.Tip, daemonHeight, LastBlockAt);
        index.Report(progress);
        log.ImportProgress(
            progress.Height,
            daemonHeight,
            100.0 * (progress.Height + 1) / (daemonHeight + 1),
            progress.Transactions,
            progress.BlocksPerSecond,
            progress.TransactionsPerSecond,
            progress.TimeLeft is { } left ? Describe(left) : "unknown time");
    }

    private static string Describe(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{span.TotalSeconds:0.0} s",
    };
}
