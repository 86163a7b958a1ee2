// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace ElectrumPot.Index.Fees;

/// <summary>A transaction of the mempool as block makers see it.</summary>
/// <param name="Rate">Smallest units per 1000 virtual bytes.</param>
public readonly record struct RatedSize(long Rate, int VirtualSize);

/// <summary>What one state of chain and mempool tells about fees; immutable.</summary>
/// <param name="Blocks">
/// The last blocks up to the tip in the order of the chain, at most <see cref="RecentBlocks.Capacity"/>; fewer after a
/// start, until the older ones have been read again.
/// </param>
/// <param name="Waiting">The mempool, highest rate first.</param>
public sealed record FeeFacts(ImmutableArray<BlockFees> Blocks, IReadOnlyList<RatedSize> Waiting);
