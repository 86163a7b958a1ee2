// SPDX-License-Identifier: MIT

using System.Threading.Channels;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Events;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Keeps the index at the daemon's tip and mempool: the one loop that writes. Trouble with the daemon is waited out;
/// trouble with the store ends the loop, since nothing may be served from a doubtful store.
/// </summary>
public sealed class ChainFollower(
    ChainIndex index,
    DaemonClient daemon,
    IBlockSource blocks,
    TipWatcher tips,
    MempoolSource mempool,
    FollowerOptions options,
    ILogger<ChainFollower> log,
    TimeProvider time)
{
    private static readonly TimeSpan UnreadableBlockPause = TimeSpan.FromSeconds(10);

    /// <summary>Looking for the fork with a chain that is waited for takes many questions.</summary>
    private static readonly TimeSpan WaitingPause = TimeSpan.FromSeconds(2);

    private readonly ChainSynchronizer _synchronizer = new(index, daemon, blocks, options, log, time);
    private readonly PollPace _mempoolPace = new(options.MempoolInterval, time);
    private readonly FeeBackfill _fees = new(index, blocks);
    private readonly HashSet<HashX> _touched = [];
    private ChainTip? _tip;
    private string? _waiting;

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="IndexException">The store failed. The process should stop with this message.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Of several tips that arrive while the index is busy only the last matters.
        var newTips = Channel.CreateBounded<ChainTip>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task watching = WatchTipsAsync(newTips.Writer, stop.Token);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                await FollowOnceAsync(cancellation);
                await WaitForWorkAsync(newTips.Reader, cancellation);
            }
        }
        catch (Exception failure) when (index.TryReportFailure(failure))
        {
            throw await index.Failure;
        }
        finally
        {
            await stop.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchTipsAsync(ChannelWriter<ChainTip> newTips, CancellationToken cancellation)
    {
        try
        {
            await foreach (ChainTip tip in tips.WatchAsync(cancellation))
                await newTips.WriteAsync(tip, cancellation);
        }
        catch (Exception failure)
        {
            newTips.TryComplete(failure);
        }
    }

    /// <summary>Waits for a new tip, but not longer than the mempool may.</summary>
    private async Task WaitForWorkAsync(ChannelReader<ChainTip> newTips, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<bool> tip = newTips.WaitToReadAsync(timeout.Token).AsTask();
        TimeSpan interval = _mempoolPace.Pause;
        Task pause = Task.Delay(_waiting is not null && interval < WaitingPause ? WaitingPause : interval, time, timeout.Token);
        await Task.WhenAny(tip, pause);
        if (tip.IsCompleted)
        {
            await tip;
            if (newTips.TryRead(out ChainTip changed)) _tip = changed;
        }

        await timeout.CancelAsync();
        await tip.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task FollowOnceAsync(CancellationToken cancellation)
    {
        try
        {
            // What is waited for may have passed unseen: the watch tells of changes, and a chain that came and went is none.
            if (_waiting is not null && _tip is not null) _tip = await daemon.GetTipAsync(cancellation);
            while (_tip is { } tip)
            {
                Hash256 hashBefore = index.Writer.Tip.Hash;
                bool isAtTip = await SynchronizeAsync(tip, cancellation);
                if (isAtTip && !index.IsImported)
                    CompleteImport(cancellation);
                else if (isAtTip && index.IsPruningDue)
                    PruneAll(cancellation);
                // A block that merely extends the chain is told at once. After a reorganisation the mempool has to be
                // looked at first, since the transactions of the lost blocks are back in it.
                if (index.IsImported && index.Mempool.IsCurrent && hashBefore != index.Writer.Tip.Hash)
                    PublishAndForget();
                if (!isAtTip) return;
                if (!await TryUpdateMempoolAsync(cancellation)) continue;
                if (_touched.Count > 0 || !index.IsShown)
                    PublishAndForget();
                ReportCaughtUp(tip);
                if (await _fees.StepAsync(cancellation))
                    PublishAndForget();
                return;
            }
        }
        catch (DaemonException failure)
        {
            ReportWaiting(failure.Message);
            if (index.IsImported && index.Mempool.IsCurrent)
                PublishAndForget();
            await daemon.WaitForRetryAsync(cancellation);
        }
    }

    /// <returns>True when the index stands at the tip.</returns>
    private async Task<bool> SynchronizeAsync(ChainTip tip, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                string? reason = await _synchronizer.SynchronizeAsync(tip, _touched, cancellation);
                if (reason is not null) ReportWaiting(reason);
                return reason is null;
            }
            catch (ChainChangedException)
            {
                _tip = await daemon.GetTipAsync(cancellation);
                return false;
            }
            catch (MalformedBlockException failure)
            {
                // What came before is connected, so it is the next one. Where there is another copy of it, that may be whole.
                int height = index.Writer.Tip.Height + 1;
                if (blocks.Distrust(height)) continue;
                log.BlockUnreadable(height, failure.Message);
                ReportWaiting($"block {height} cannot be read: {failure.Message}");
                await Task.Delay(UnreadableBlockPause, time, cancellation);
                return false;
            }
        }
    }

    private void CompleteImport(CancellationToken cancellation)
    {
        log.FinishingStarted(index.Options.PruningLimit);
        index.Writer.CompleteImport(cancellation, new WorkReporter(index, IndexState.Finishing, options, log, time));
        log.CaughtUp(index.Writer.Tip.Height, index.Writer.Tip.Hash);
    }

    private void PruneAll(CancellationToken cancellation)
    {
        log.PruningStarted(index.Options.PruningLimit);
        index.Writer.PruneAll(cancellation, new WorkReporter(index, IndexState.Pruning, options, log, time));
    }

    /// <returns>
    /// False when the daemon's tip has moved meanwhile, and nothing was taken over: its mempool lacks what the new block
    /// has confirmed, and to an index without that block those transactions would seem to vanish.
    /// </returns>
    private async Task<bool> TryUpdateMempoolAsync(CancellationToken cancellation)
    {
        bool isComplete = false;
        while (!isComplete)
        {
            long began = _mempoolPace.Begin();
            MempoolDelta delta = await mempool.PollAsync(index.Mempool.Known, cancellation);
            ChainTip tip = await daemon.GetTipAsync(cancellation);
            _mempoolPace.End(began);
            if (tip.Hash != index.Writer.Tip.Hash)
            {
                _tip = tip;
                return false;
            }

            index.Mempool.Update(delta.All, delta.Added, index.Writer.TryGetUnspent, _touched);
            isComplete = delta.IsComplete;
        }

        return true;
    }

    private void PublishAndForget()
    {
        index.Publish(_touched);
        _touched.Clear();
        index.MarkServing();
    }

    private void ReportCaughtUp(ChainTip tip)
    {
        _waiting = null;
        index.Report(new IndexProgress(
            IndexState.CaughtUp, index.Writer.Tip.Height, tip.Height, index.Writer.Tip.Transactions, 0, 0, null, _synchronizer.LastBlockAt, null));
    }

    private void ReportWaiting(string reason)
    {
        index.Report(index.Progress with
        {
            State = IndexState.WaitingForDaemon,
            Height = index.Writer.Tip.Height,
            DaemonHeight = _tip?.Height ?? -1,
            Transactions = index.Writer.Tip.Transactions,
            BlocksPerSecond = 0,
            TransactionsPerSecond = 0,
            TimeLeft = null,
            Warning = reason,
        });
        if (reason == _waiting) return;
        _waiting = reason;
        log.Waiting(reason);
    }
}
