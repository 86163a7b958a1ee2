// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Events;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Takes the index back to a fork, a block at a time and each a commit of its own, so that it goes on after a kill where
/// it was: by undo data, by undo data made once more where they are gone, and by building anew only where the daemon
/// does not have the blocks that it left.
/// </summary>
internal sealed class Reorganiser(
    ChainIndex index, DaemonClient daemon, IBlockSource blocks, FollowerOptions options, ILogger log, TimeProvider time)
{
    private readonly IndexWriter _writer = index.Writer;
    private readonly LostUndo _lost = new(index, daemon);

    public ChainWork Work { get; } = new(index.Writer, daemon, blocks);

    /// <summary>While the index is built anew above this block, wallets are subscribed to what it says.</summary>
    public int? RebuildFork { get; private set; }

    /// <summary>Every block above the fork has its undo data.</summary>
    public bool CanUndo(int fork) => _writer.FirstUndoHeight is { } first && first <= fork + 1;

    /// <param name="fork">A block of both chains, not that before the first.</param>
    /// <param name="tip">Of the daemon.</param>
    public async Task GoBackAsync(int fork, ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        int depth = _writer.Tip.Height - fork;
        index.Mempool.Rewind(touched);
        index.RecentBlocks.Rewind(fork);
        if (CanUndo(fork))
        {
            log.Reorganising(depth, fork);
        }
        else
        {
            int lastLost = Math.Min(_writer.Tip.Height, (_writer.FirstUndoHeight ?? int.MaxValue) - 1);
            if (!await _lost.HasBlocksAsync(fork + 1, lastLost, cancellation))
            {
                BuildAnew(fork, touched);
                return;
            }

            log.ReorganisingBeyondUndo(fork, depth, lastLost - fork, index.Options.PruningLimit);
        }

        var progress = new WorkReporter(index, IndexState.Reorganising, options, log, time);
        try
        {
            while (_writer.Tip.Height > fork)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Report(new WorkProgress(depth - (_writer.Tip.Height - fork), depth));
                ChainUpdate.Bound(touched);
                if (_writer.TryDisconnect(touched)) continue;
                if (await _lost.TryRestoreAsync(cancellation) is { } restored)
                {
                    _writer.TryDisconnect(touched, restored);
                    continue;
                }

                // Nothing is thrown away for a chain that may not be the better one.
                if (!await Work.HasDaemonMoreAsync(fork, tip, cancellation))
                    throw new ChainChangedException(fork + 1, "the daemon's chain has less work than the index's");
                BuildAnew(fork, touched);
                return;
            }
        }
        finally
        {
            index.Report(index.Progress with { Percent = null, TimeLeft = null });
        }
    }

    private void BuildAnew(int fork, HashSet<HashX> touched)
    {
        log.BuildingAnew(fork);
        _writer.Reset(fork, touched);
        index.RecentBlocks.Clear();
        RebuildFork = fork;
    }
}
