// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Backend;

/// <summary>One state of chain and mempool, what a whole request is answered from. Immutable and thread-safe.</summary>
public interface IChainSnapshot : IDisposable
{
    /// <summary>Grows with every state; equal numbers are the same state.</summary>
    long Sequence { get; }

    /// <summary>-1 while there is no block.</summary>
    int Height { get; }

    Hash256 TipHash { get; }

    IReadOnlyList<FeeBucket> FeeHistogram { get; }

    /// <summary>Sorts the mempool: not for every request.</summary>
    /// <returns>Null before the daemon's mempool has been seen.</returns>
    FeeFacts? GetFeeFacts();

    bool TryGetHeader(int height, Span<byte> header80);

    /// <returns>How many 80-byte headers were copied; fewer than asked only at the tip.</returns>
    int ReadHeaders(int firstHeight, int count, Span<byte> destination);

    bool TryGetTxid(int height, int position, out Hash256 txid);

    bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof);

    bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof);

    /// <summary>Requires <c>height &lt;= checkpointHeight &lt;= Height</c>.</summary>
    HeaderProof GetHeaderProof(int height, int checkpointHeight);

    /// <summary>Exactly that script.</summary>
    ScriptSet Resolve(Hash256 scriptHash);

    /// <summary>The script of an address and the P2PK scripts of its key that the chain has shown.</summary>
    ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript);

    /// <returns>False when there are more entries than allowed.</returns>
    bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history);

    IReadOnlyList<HistoryEntry> GetMempoolEntries(ScriptSet scripts);

    Balance GetBalance(ScriptSet scripts);

    /// <returns>False when there are more outputs than allowed.</returns>
    bool TryGetUnspent(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<UnspentOutput>? unspent);

    bool IsUnspent(OutPoint outPoint);
}
