// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>What the daemon's mempool holds and what of it is new.</summary>
/// <param name="All">Every txid the daemon listed, in no order that means anything.</param>
/// <param name="Added">The unknown ones with their bytes. One that left the mempool meanwhile is absent.</param>
/// <param name="IsComplete">False when the byte bound of one poll was reached: poll again for the rest.</param>
public sealed record MempoolDelta(IReadOnlyList<Hash256> All, IReadOnlyList<MempoolTransaction> Added, bool IsComplete);

/// <summary>A transaction whose bytes have been checked to hash to its txid.</summary>
public readonly record struct MempoolTransaction(Hash256 Txid, ReadOnlyMemory<byte> Raw);
