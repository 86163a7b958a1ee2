// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>One line of a history.</summary>
/// <param name="Height">Block height; 0 in the mempool; -1 in the mempool with an unconfirmed input.</param>
/// <param name="Fee">In the smallest unit for mempool entries; <see cref="NoFee"/> for confirmed ones.</param>
public readonly record struct HistoryEntry(Hash256 Txid, int Height, long Fee = HistoryEntry.NoFee)
{
    public const long NoFee = -1;

    public bool IsConfirmed => Height > 0 || (Height == 0 && Fee == NoFee);
}

/// <param name="Confirmed">Sum of unspent confirmed outputs, whatever the mempool does with them.</param>
/// <param name="Unconfirmed">What the mempool adds or, negative, takes away.</param>
public readonly record struct Balance(long Confirmed, long Unconfirmed);

/// <param name="Height">0 for outputs of mempool transactions.</param>
public readonly record struct UnspentOutput(Hash256 Txid, uint Index, int Height, long Value);

/// <param name="Branch">Siblings from the leaf up, internal byte order.</param>
public sealed record MerkleProof(int Height, int Position, Hash256[] Branch);

/// <summary>Proof of a header (or txid) under the merkle root of all block hashes up to a checkpoint height.</summary>
/// <param name="HeadersRead">What the proof took.</param>
public sealed record HeaderProof(Hash256[] Branch, Hash256 Root, int HeadersRead);

/// <summary>Where a transaction stands in the chain: the identity of a transaction, since txids are not unique.</summary>
/// <param name="Position">Index within the block; 0 is the coinbase.</param>
public readonly record struct TxLocation(int Height, int Position) : IComparable<TxLocation>
{
    public int CompareTo(TxLocation other) => Key.CompareTo(other.Key);

    private long Key => ((long)Height << 32) | (uint)Position;

    public static bool operator <(TxLocation left, TxLocation right) => left.Key < right.Key;

    public static bool operator <=(TxLocation left, TxLocation right) => left.Key <= right.Key;

    public static bool operator >(TxLocation left, TxLocation right) => left.Key > right.Key;

    public static bool operator >=(TxLocation left, TxLocation right) => left.Key >= right.Key;
}

/// <summary>What became of an output (protocol 1.7, "blockchain.outpoint").</summary>
/// <param name="FunderHeight">Block height; 0 or -1 in the mempool; null when the output is unknown.</param>
/// <param name="Spender">The transaction that spends it; null while it is unspent.</param>
/// <param name="SpenderHeight">As <paramref name="FunderHeight"/>; means nothing without a spender.</param>
public readonly record struct OutpointStatus(int? FunderHeight, Hash256? Spender = null, int SpenderHeight = 0)
{
    public static OutpointStatus Unknown => default;
}

/// <summary>The earliest confirmed transaction of a script.</summary>
public sealed record FirstUse(Hash256 Txid, int Height, Hash256 BlockHash);

/// <param name="Fee">In the smallest unit.</param>
/// <param name="VirtualSize">In virtual bytes.</param>
public readonly record struct MempoolSummary(Hash256 Txid, long Fee, int VirtualSize);
