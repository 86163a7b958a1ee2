// SPDX-License-Identifier: MIT

using System.Numerics;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Compares the work of the daemon's branch with that of the index's. However long the branches are, each block is read
/// once: what was summed up is remembered while a branch only grows.
/// </summary>
internal sealed class ChainWork(IndexWriter writer, DaemonClient daemon, IBlockSource blocks)
{
    private Hash256 _fork;
    private Hash256 _ourTip;
    private BigInteger _ours;
    private ChainTip _last;
    private BigInteger _theirs;

    /// <summary>True when the daemon's branch above the fork has more work than the index's.</summary>
    /// <param name="fork">Below the tips of both.</param>
    /// <exception cref="ChainChangedException">The daemon's chain changed meanwhile: ask for its tip again.</exception>
    public async Task<bool> HasDaemonMoreAsync(int fork, ChainTip tip, CancellationToken cancellation)
    {
        await ForgetOtherBranchAsync(fork, tip, cancellation);
        SumOurs(fork);
        if (_theirs > _ours) return true;
        if (_last.Height >= tip.Height) return false;
        await foreach (SourceBlock block in blocks.ReadAsync(_last.Height + 1, tip.Height, cancellation))
        {
            var header = BlockHeader.Parse(block.Raw.Span);
            if (header.PreviousHash != _last.Hash)
                throw new ChainChangedException(block.Height, $"block {block.Height} does not follow {_last}: the daemon's chain changed");
            _theirs += header.Work;
            _last = new ChainTip(block.Height, block.Hash);
            if (_theirs > _ours) return true;
        }

        return false;
    }

    private async Task ForgetOtherBranchAsync(int fork, ChainTip tip, CancellationToken cancellation)
    {
        Hash256 forkHash = writer.GetHash(fork);
        bool isKnown = forkHash == _fork && _last.Height >= fork && _last.Height <= tip.Height
            && await daemon.GetBlockHashesAsync(_last.Height, 1, cancellation) is [var hash] && hash == _last.Hash;
        if (isKnown) return;
        (_fork, _ourTip) = (forkHash, Hash256.Zero);
        _last = new ChainTip(fork, forkHash);
        _theirs = BigInteger.Zero;
    }

    private void SumOurs(int fork)
    {
        if (_ourTip == writer.Tip.Hash) return;
        _ourTip = writer.Tip.Hash;
        _ours = BigInteger.Zero;
        for (int height = fork + 1; height <= writer.Tip.Height; height++)
            _ours += BlockHeader.Parse(writer.GetHeader(height)).Work;
    }
}
