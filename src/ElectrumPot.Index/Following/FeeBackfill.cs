// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Following;

/// <summary>
/// After a start the fees of the last blocks are not known: reads those blocks once more, backwards from the tip and a
/// few at a time between two looks at the mempool. What they spent is in the undo data.
/// </summary>
internal sealed class FeeBackfill(ChainIndex index, IBlockSource blocks)
{
    /// <summary>Few enough to keep the follower from the tip for a moment only, even when blocks are full.</summary>
    private const int BlocksPerStep = 8;

    /// <summary>A daemon that is away or answers nonsense is waited for elsewhere, where it is told and logged.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly BlockDigester _digester = new(index.Options.Coin);
    private bool _hasEnded;

    /// <summary>Reads the next blocks below those that are known. A daemon without old blocks ends it for good.</summary>
    /// <returns>True when more is known than before.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_hasEnded) return false;
        RecentBlocks recent = index.RecentBlocks;
        int known = recent.Blocks.Length;
        int last = index.Writer.Tip.Height - known;
        int lowest = Math.Max(index.Writer.Tip.Height - RecentBlocks.Capacity + 1, index.Writer.FirstUndoHeight ?? int.MaxValue);
        if (last < lowest)
        {
            _hasEnded = true;
            return false;
        }

        var read = new Stack<(BlockDigest Block, List<UndoEntry> Spent)>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await foreach (SourceBlock block in blocks.ReadAsync(Math.Max(lowest, last - BlocksPerStep + 1), last, patience.Token))
            {
                BlockDigest digest = _digester.Digest(block, withTransactions: true);
                if (digest.Hash != index.Writer.GetHash(block.Height) || index.Writer.GetSpent(block.Height) is not { } spent) return false;
                read.Push((digest, spent));
            }
        }
        catch (ChainChangedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (failure is DaemonErrorException or MalformedBlockException)
        {
            // What was read does not reach up to what is known.
            _hasEnded = true;
            return false;
        }

        while (read.TryPop(out (BlockDigest Block, List<UndoEntry> Spent) next))
            recent.Prepend(next.Block, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(next.Spent));
        return recent.Blocks.Length > known;
    }
}
