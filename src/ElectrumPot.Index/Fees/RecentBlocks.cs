// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Fees;

/// <summary>
/// The fees of the last blocks, in memory only. Belongs to the one thread that follows the chain; what it hands out is
/// immutable.
/// </summary>
internal sealed class RecentBlocks
{
    /// <summary>Blocks remembered: 96 minutes of Potcoin.</summary>
    public const int Capacity = 144;

    /// <summary>
    /// The part of a block's bytes that <see cref="BlockFees.LowRate"/> leaves below it: block makers reserve room for
    /// transactions without fee (potcoind: tens of kilobytes), which says nothing about the price of the rest.
    /// </summary>
    private const double LowShare = 0.2;

    private readonly List<RatedSize> _rates = [];
    private long[] _fees = [];

    /// <summary>Consecutive, lowest height first.</summary>
    public ImmutableArray<BlockFees> Blocks { get; private set; } = [];

    /// <summary>The block above the last one; any block when there is none.</summary>
    /// <param name="block">With its transactions (<see cref="BlockDigest.Transactions"/>).</param>
    public void Append(BlockDigest block, ReadOnlySpan<UndoEntry> spent)
    {
        if (!Blocks.IsEmpty && Blocks[^1].Height != block.Height - 1) Clear();
        Blocks = (Blocks.Length == Capacity ? Blocks.RemoveAt(0) : Blocks).Add(Summarize(block, spent));
    }

    /// <summary>The block below the first one.</summary>
    public void Prepend(BlockDigest block, ReadOnlySpan<UndoEntry> spent)
    {
        if (Blocks.Length < Capacity && (Blocks.IsEmpty || Blocks[0].Height == block.Height + 1))
            Blocks = Blocks.Insert(0, Summarize(block, spent));
    }

    /// <summary>Forgets the blocks above a height.</summary>
    public void Rewind(int height)
    {
        while (!Blocks.IsEmpty && Blocks[^1].Height > height)
            Blocks = Blocks.RemoveAt(Blocks.Length - 1);
    }

    public void Clear() => Blocks = [];

    private BlockFees Summarize(BlockDigest block, ReadOnlySpan<UndoEntry> spent)
    {
        DigestTransaction[] transactions = block.Transactions
            ?? throw new ArgumentException($"Block {block.Height} was digested without its transactions.", nameof(block));
        if (_fees.Length < transactions.Length) _fees = new long[transactions.Length];
        long[] fees = _fees;
        Array.Clear(fees, 0, transactions.Length);
        foreach (ref readonly UndoEntry entry in spent)
        {
            if (entry.InputIndex != UndoEntry.Overwritten)
                fees[entry.Position] += entry.Value;
        }

        _rates.Clear();
        int virtualSize = 0;
        for (int i = 0; i < transactions.Length; i++)
        {
            virtualSize += transactions[i].VirtualSize;
            if (!transactions[i].IsReward)
                _rates.Add(new RatedSize(FeeRate.Of(fees[i] - transactions[i].OutputValue, transactions[i].VirtualSize), transactions[i].VirtualSize));
        }

        return new BlockFees(block.Height, virtualSize, LowRate(CollectionsMarshal.AsSpan(_rates)));
    }

    private static long LowRate(Span<RatedSize> transactions)
    {
        transactions.Sort(static (left, right) => left.Rate.CompareTo(right.Rate));
        long total = 0;
        foreach (RatedSize transaction in transactions)
            total += transaction.VirtualSize;
        long below = 0;
        foreach (RatedSize transaction in transactions)
        {
            below += transaction.VirtualSize;
            if (below > total * LowShare) return transaction.Rate;
        }

        return 0;
    }
}
