// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using ElectrumPot.Index.Fees;

namespace ElectrumPot.Electrum.Fees;

/// <summary>
/// The fee rate that recent blocks and the mempool say is needed, for every number of blocks one is willing to wait.
/// A pure function of the facts, explained to operators in <c>docs/fees.md</c>. Zero means that nothing but the relay fee
/// is needed. Never rises with the target.
/// </summary>
internal sealed class FeeCurve
{
    /// <summary>About half a day of Potcoin. No daemon looks further ahead; wallets ask for no more.</summary>
    public const int MaxTarget = 1008;

    /// <summary>A rate must have sufficed in so many of the waits of this length that the recent blocks contain.</summary>
    private const double Reliability = 0.9;

    /// <summary>The part of a block's room that a backlog can count on; the rest is for what arrives meanwhile.</summary>
    private const double UsableShare = 0.9;

    /// <summary>Blocks are made smaller than the coin allows, unless larger ones have been seen.</summary>
    private const int SmallestShareOfMaxBlockSize = 4;

    /// <summary>The room of a block is what this part of the recent blocks reaches.</summary>
    private const double LargeBlocks = 0.1;

    private readonly long[] _rates = new long[MaxTarget];

    private FeeCurve()
    {
    }

    /// <param name="target">Blocks, from 1; beyond <see cref="MaxTarget"/> nothing changes.</param>
    /// <returns>Smallest units per 1000 bytes.</returns>
    public long this[int target] => _rates[Math.Clamp(target, 1, MaxTarget) - 1];

    /// <param name="maxBlockSize">In bytes, what the coin allows.</param>
    public static FeeCurve Make(FeeFacts facts, int maxBlockSize)
    {
        int usable = Math.Max(1, (int)(RoomOf(facts.Blocks, maxBlockSize) * UsableShare));
        var curve = new FeeCurve();
        var backlog = new Backlog(facts.Waiting, usable);
        var history = new History(facts.Blocks, usable);
        long shorter = long.MaxValue;
        for (int target = 1; target <= MaxTarget; target++)
        {
            // What suffices for a shorter wait suffices for a longer one.
            shorter = Math.Min(shorter, Math.Max(backlog.RateFor(target), history.RateFor(target)));
            curve._rates[target - 1] = shorter;
        }

        return curve;
    }

    private static int RoomOf(ImmutableArray<BlockFees> blocks, int maxBlockSize)
    {
        int room = maxBlockSize / SmallestShareOfMaxBlockSize;
        if (blocks.IsEmpty) return room;
        int[] sizes = [.. blocks.Select(block => block.VirtualSize).OrderDescending()];
        return Math.Max(room, sizes[(int)((sizes.Length - 1) * LargeBlocks)]);
    }

    /// <summary>What the mempool offers for the room of the next blocks. Asked for targets in ascending order.</summary>
    private sealed class Backlog(IReadOnlyList<RatedSize> waiting, int usable)
    {
        private int _fitting;
        private long _size;

        /// <summary>The rate of the last transaction that still fits, when not all do.</summary>
        public long RateFor(int target)
        {
            long room = (long)target * usable;
            while (_fitting < waiting.Count && _size + waiting[_fitting].VirtualSize <= room)
                _size += waiting[_fitting++].VirtualSize;
            return _fitting == waiting.Count ? 0 : waiting[Math.Max(0, _fitting - 1)].Rate;
        }
    }

    /// <summary>What it took to get into recent blocks. Asked for targets in ascending order.</summary>
    private sealed class History(ImmutableArray<BlockFees> blocks, int usable)
    {
        // For each block, what it took to get into it or one of those after it within the target.
        private readonly long[] _needed = [.. blocks.Select(block => NeededFor(block, usable))];
        private int _target = 1;

        public long RateFor(int target)
        {
            if (_needed.Length == 0) return 0;
            // A longer wait than there are blocks says no more than all of them together.
            for (; _target < Math.Min(target, _needed.Length); _target++)
            {
                for (int i = 0; i < _needed.Length - _target; i++)
                    _needed[i] = Math.Min(_needed[i], NeededFor(blocks[i + _target], usable));
            }

            Span<long> waits = stackalloc long[_needed.Length - _target + 1];
            _needed.AsSpan(0, waits.Length).CopyTo(waits);
            waits.Sort();
            return waits[(int)Math.Ceiling(waits.Length * Reliability) - 1];
        }

        /// <summary>A block with room left takes everything that is relayed.</summary>
        private static long NeededFor(in BlockFees block, int usable) => block.VirtualSize >= usable ? block.LowRate : 0;
    }
}
