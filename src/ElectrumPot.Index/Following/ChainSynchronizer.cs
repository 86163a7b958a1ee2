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
    private readonly Reorganiser _reorganiser = new(index, daemon, blocks, options, log, time);
    private readonly ImportReporter _progress = new(index, daemon, options, log, time);
    private int? _comparedFork;
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
        if (IsAt(tip))
        {
            ForgetOtherChain();
            return null;
        }

        if (await MustWaitAsync(tip, touched, cancellation) is { } reason) return reason;
        await ConnectAsync(tip, touched, cancellation);
        return null;
    }

    private bool IsAt(ChainTip tip) => _writer.Tip.Height == tip.Height && _writer.Tip.Hash == tip.Hash;

    /// <summary>Goes back to the fork, unless the daemon is merely behind.</summary>
    private async Task<string?> MustWaitAsync(ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        int fork = await _forks.FindForkAsync(tip, cancellation);
        if (fork == _writer.Tip.Height || fork == tip.Height)
            ForgetOtherChain();
        if (fork == _writer.Tip.Height) return null;
        if (fork == tip.Height)
            return $"the daemon is at block {tip.Height}, {_writer.Tip.Height - tip.Height} behind the index on the same chain; waiting for it";
        // The coin is proven whenever a daemon is met anew, but one may take the place of another unnoticed.
        if (fork < 0)
            return $"the daemon shows another chain from its first block on, which is not that of {index.Options.Coin.Name}; nothing is taken from it. Correct [potcoind]";
        if (await MustKeepAsync(fork, tip, cancellation) is { } reason) return reason;
        await _reorganiser.GoBackAsync(fork, tip, touched, cancellation);
        return null;
    }

    /// <summary>Of two daemons in turn the one on another chain has to last each time anew.</summary>
    private void ForgetOtherChain() => (_comparedFork, _shorterTip) = (null, null);

    /// <summary>
    /// What can be undone follows the daemon: at once to a chain as long or with more work, to a lesser one after a while.
    /// What cannot is given up for nothing but more work.
    /// </summary>
    private async Task<string?> MustKeepAsync(int fork, ChainTip tip, CancellationToken cancellation)
    {
        bool canUndo = _reorganiser.CanUndo(fork);
        if (canUndo && tip.Height >= _writer.Tip.Height) return null;
        // Of a chain that is waited for it is said once; reading a long one takes its time.
        if (_comparedFork != fork) log.ComparingWork(fork, tip.Height, _writer.Tip.Height);
        _comparedFork = fork;
        if (await _reorganiser.Work.HasDaemonMoreAsync(fork, tip, cancellation)) return null;
        if (!canUndo)
        {
            return $"the daemon shows another chain (block {tip.Height}, fork at {fork}, {_writer.Tip.Height - fork} blocks back) with no more work than that of the index;"
                + $" it is followed when it has more. If it is the right one all the same, stop the server and remove {index.Options.Path} to import again";
        }

        if (_shorterTip != tip)
        {
            _shorterTip = tip;
            _shorterSince = time.GetTimestamp();
        }

        return time.GetElapsedTime(_shorterSince) >= options.ShorterChainPatience
            ? null
            : $"the daemon shows a shorter chain (block {tip.Height}, fork at {fork}) with less work; waiting whether it lasts";
    }

    private async Task ConnectAsync(ChainTip tip, HashSet<HashX> touched, CancellationToken cancellation)
    {
        int first = _writer.Tip.Height + 1;
        bool isImport = !index.IsImported || tip.Height - first >= options.ImportDistance;
        IndexState state = index.IsImported ? IndexState.CatchingUp : IndexState.Importing;
        _progress.Begin(state, tip, isImport, LastBlockAt, cancellation);

        try
        {
            await foreach (BlockDigest block in _digests.ReadAsync(first, tip.Height, tip.Height - RecentBlocks.Capacity + 1, cancellation))
            {
                if (block.Height > 0 && block.PreviousHash != _writer.Tip.Hash)
                    throw new ChainChangedException(block.Height, $"block {block.Height} does not follow the index's tip");
                bool keepUndo = block.Height > tip.Height - index.Options.ReorgLimit;
                _writer.Connect(block, keepUndo, index.IsImported || block.Height > _reorganiser.RebuildFork ? touched : null);
                if (block.Transactions is not null)
                    index.RecentBlocks.Append(block, _writer.Spent);
                LastBlockAt = time.GetUtcNow();
                if (index.IsImported)
                    index.Mempool.Connect(block, touched);
                if (!isImport)
                    log.BlockConnected(block.Height, block.Hash, block.Txids.Length);
                ChainUpdate.Bound(touched);
                _writer.CommitWhenFull();
                _progress.Step(LastBlockAt);
            }
        }
        finally
        {
            // What was connected before the source failed is sound: it is kept. A block or commit that failed half-way is not.
            if (_writer.IsSound)
                _writer.Commit(isDurable: true);
            await _progress.EndAsync();
        }

        _progress.Finished();
    }
}
