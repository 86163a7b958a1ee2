// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Server.Hosting;

/// <summary>The index as the sessions see it.</summary>
internal sealed class IndexSource(ChainIndex index) : IChainSource
{
    private readonly Lock _lock = new();
    private ChainView? _newest;
    private long _sequence;

    public IChainSnapshot Acquire()
    {
        // Inside the lock views come in the order of the states, so that the numbers do as well.
        lock (_lock)
        {
            ChainView view = index.AcquireView();
            if (!ReferenceEquals(view, _newest))
            {
                _newest = view;
                _sequence++;
            }

            return new Snapshot(view, _sequence);
        }
    }

    public ValueTask<ChainUpdate> NextUpdateAsync(CancellationToken cancellation) => index.Updates.NextAsync(cancellation);

    private sealed class Snapshot(ChainView view, long sequence) : IChainSnapshot
    {
        public long Sequence => sequence;

        public int Height => view.Height;

        public Hash256 TipHash => view.TipHash;

        public IReadOnlyList<FeeBucket> FeeHistogram => view.Mempool.FeeHistogram;

        public bool TryGetHeader(int height, Span<byte> header80) => view.TryGetHeader(height, header80);

        public int ReadHeaders(int firstHeight, int count, Span<byte> destination) => view.ReadHeaders(firstHeight, count, destination);

        public bool TryGetTxid(int height, int position, out Hash256 txid) => view.TryGetTxid(height, position, out txid);

        public bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof) =>
            view.TryGetMerkleProof(txid, height, out proof);

        public bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof) =>
            view.TryGetMerkleProof(height, position, out txid, out proof);

        public HeaderProof GetHeaderProof(int height, int checkpointHeight) => view.GetHeaderProof(height, checkpointHeight);

        public ScriptSet Resolve(Hash256 scriptHash) => ChainView.Resolve(scriptHash);

        public ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript) => view.ResolveAddress(canonicalScript);

        public bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history) =>
            view.TryGetHistory(scripts, maxEntries, out history);

        public bool TryGetStatus(ScriptSet scripts, int maxEntries, out Hash256? status) => view.TryGetStatus(scripts, maxEntries, out status);

        public IReadOnlyList<HistoryEntry> GetMempoolEntries(ScriptSet scripts) => view.Mempool.GetEntries(scripts);

        public Balance GetBalance(ScriptSet scripts) => view.GetBalance(scripts);

        public IReadOnlyList<UnspentOutput> GetUnspent(ScriptSet scripts) => view.TryGetUnspent(scripts, int.MaxValue, out var unspent) ? unspent : [];

        public bool IsUnspent(OutPoint outPoint) => view.TryGetUnspentScript(outPoint, out _, out _);

        public void Dispose() => view.Dispose();
    }
}
