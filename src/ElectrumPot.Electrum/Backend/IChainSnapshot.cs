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

    /// <returns>Zero for a height without block.</returns>
    int CountTransactions(int height);

    bool TryGetTxid(int height, int position, out Hash256 txid);

    bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof);

    bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof);

    /// <summary>Requires <c>height &lt;= checkpointHeight &lt;= Height</c>.</summary>
    /// <returns>False when more headers than allowed have to be read first.</returns>
    bool TryGetHeaderProof(int height, int checkpointHeight, int maxHeaders, [NotNullWhen(true)] out HeaderProof? proof);

    /// <summary>Exactly that script.</summary>
    ScriptSet Resolve(Hash256 scriptHash);

    /// <summary>The script of an address and the P2PK scripts of its key that the chain has shown.</summary>
    ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript);

    /// <returns>False when there are more entries than allowed.</returns>
    bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history);

    IReadOnlyList<HistoryEntry> GetMempoolEntries(ScriptSet scripts);

    /// <param name="entries">Unspent outputs that were read.</param>
    /// <returns>False when there are more than allowed.</returns>
    bool TryGetBalance(ScriptSet scripts, int maxEntries, out Balance balance, out int entries);

    /// <returns>False when there are more outputs than allowed.</returns>
    bool TryGetUnspent(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<UnspentOutput>? unspent);

    bool IsUnspent(OutPoint outPoint);

    /// <param name="output">Its height is 0 for an output of a mempool transaction.</param>
    /// <returns>False when it is spent, by the mempool too, or was never there.</returns>
    bool TryGetUnspentOutput(OutPoint outPoint, out UnspentOutput output);

    /// <param name="script">Of the output; leads to its spend.</param>
    /// <param name="spendsRead">How many it took, found or not.</param>
    /// <returns>False when the script has too many spends to look through.</returns>
    bool TryGetOutpointStatus(OutPoint outPoint, HashX script, int maxSpends, out OutpointStatus status, out int spendsRead);

    /// <summary>For those who are not charged for what they read.</summary>
    bool TryGetOutpointStatus(OutPoint outPoint, HashX script, int maxSpends, out OutpointStatus status) =>
        TryGetOutpointStatus(outPoint, script, maxSpends, out status, out _);

    /// <param name="use">Null when no block has the scripts.</param>
    /// <param name="spendsRead">How many it took, found or not.</param>
    /// <returns>False when the scripts have too many spends to look through.</returns>
    bool TryGetFirstUse(ScriptSet scripts, int maxTransactions, out FirstUse? use, out int spendsRead);

    /// <summary>Where a confirmed transaction stands; of equal txids the latest.</summary>
    bool TryFindTransaction(Hash256 txid, out TxLocation location);

    bool IsInMempool(Hash256 txid);

    /// <summary>The last ten to enter the mempool, the newest first.</summary>
    IReadOnlyList<MempoolSummary> RecentMempool { get; }
}
