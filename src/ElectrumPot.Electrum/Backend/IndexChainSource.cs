// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Backend;

/// <summary>The index as the sessions see it.</summary>
public sealed class IndexChainSource(ChainIndex index) : IChainSource
{
    // Most requests meet the same state; they share its wrapper, and each counts on the view.
    private volatile Snapshot? _latest;

    public IChainSnapshot Acquire()
    {
        ChainView view = index.AcquireView();
        Snapshot? latest = _latest;
        if (latest is null || !ReferenceEquals(latest.View, view))
            _latest = latest = new Snapshot(view);
        return latest;
    }

    public ValueTask<ChainUpdate> NextUpdateAsync(CancellationToken cancellation) => index.Updates.NextAsync(cancellation);

    public void Report(Exception failure) => index.TryReportFailure(failure);

    private sealed class Snapshot(ChainView view) : IChainSnapshot
    {
        public ChainView View => view;

        public long Sequence => view.Sequence;

        public int Height => view.Height;

        public Hash256 TipHash => view.TipHash;

        public IReadOnlyList<FeeBucket> FeeHistogram => view.Mempool.FeeHistogram;

        public FeeFacts? GetFeeFacts() => view.GetFeeFacts();

        public bool TryGetHeader(int height, Span<byte> header80) => view.TryGetHeader(height, header80);

        public int ReadHeaders(int firstHeight, int count, Span<byte> destination) => view.ReadHeaders(firstHeight, count, destination);

        public int CountTransactions(int height) => view.CountTransactions(height);

        public bool TryGetTxid(int height, int position, out Hash256 txid) => view.TryGetTxid(height, position, out txid);

        public bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof) =>
            view.TryGetMerkleProof(txid, height, out proof);

        public bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof) =>
            view.TryGetMerkleProof(height, position, out txid, out proof);

        public bool TryGetHeaderProof(int height, int checkpointHeight, int maxHeaders, [NotNullWhen(true)] out HeaderProof? proof) =>
            view.TryGetHeaderProof(height, checkpointHeight, maxHeaders, out proof);

        public ScriptSet Resolve(Hash256 scriptHash) => ChainView.Resolve(scriptHash);

        public ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript) => view.ResolveAddress(canonicalScript);

        public bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history) =>
            view.TryGetHistory(scripts, maxEntries, out history);

        public IReadOnlyList<HistoryEntry> GetMempoolEntries(ScriptSet scripts) => view.Mempool.GetEntries(scripts);

        public bool TryGetBalance(ScriptSet scripts, int maxEntries, out Balance balance, out int entries) =>
            view.TryGetBalance(scripts, maxEntries, out balance, out entries);

        public bool TryGetUnspent(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<UnspentOutput>? unspent) =>
            view.TryGetUnspent(scripts, maxEntries, out unspent);

        public bool IsUnspent(OutPoint outPoint) => view.TryGetUnspentScript(outPoint, out _, out _);

        public bool TryGetUnspentOutput(OutPoint outPoint, out UnspentOutput output) => view.TryGetUnspentOutput(outPoint, out output);

        public bool TryGetOutpointStatus(OutPoint outPoint, HashX script, int maxSpends, out OutpointStatus status, out int spendsRead) =>
            view.TryGetOutpointStatus(outPoint, script, maxSpends, out status, out spendsRead);

        public bool TryGetFirstUse(ScriptSet scripts, int maxTransactions, out FirstUse? use, out int spendsRead) =>
            view.TryGetFirstUse(scripts, maxTransactions, out use, out spendsRead);

        public bool TryFindTransaction(Hash256 txid, out TxLocation location) => view.TryFindTransaction(txid, out location);

        public bool IsInMempool(Hash256 txid) => view.Mempool.Contains(txid);

        public IReadOnlyList<MempoolSummary> RecentMempool => view.Mempool.Recent;

        public void Dispose() => view.Dispose();
    }
}
