// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Tests.Electrum.Support;

internal sealed class ScriptedSnapshot(ScriptedState state, Action released) : IChainSnapshot
{
    private bool _isDisposed;

    public long Sequence => state.Sequence;

    public int Height => state.Height;

    public Hash256 TipHash => state.TipHash;

    public IReadOnlyList<FeeBucket> FeeHistogram => state.Fees;

    public FeeFacts? GetFeeFacts() => state.FeeFacts;

    public bool TryGetHeader(int height, Span<byte> header80)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (height < 0 || height > state.Height) return false;
        state.Headers[height].CopyTo(header80);
        return true;
    }

    public int ReadHeaders(int firstHeight, int count, Span<byte> destination)
    {
        int found = 0;
        while (found < count && TryGetHeader(firstHeight + found, destination[(found * BlockHeader.Size)..]))
            found++;
        return found;
    }

    public int CountTransactions(int height) => TxidsOf(height).Length;

    public bool TryGetTxid(int height, int position, out Hash256 txid) => state.Txids.TryGetValue((height, position), out txid);

    public bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof)
    {
        Hash256[] txids = TxidsOf(height);
        int position = Array.IndexOf(txids, txid);
        proof = position < 0 ? null : Prove(height, position, txids);
        return proof is not null;
    }

    public bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof)
    {
        Hash256[] txids = TxidsOf(height);
        txid = position < txids.Length ? txids[position] : default;
        proof = position < txids.Length ? Prove(height, position, txids) : null;
        return proof is not null;
    }

    public bool TryGetHeaderProof(int height, int checkpointHeight, int maxHeaders, [NotNullWhen(true)] out HeaderProof? proof)
    {
        Hash256[] hashes = [.. state.Headers.Take(checkpointHeight + 1).Select(header => BlockHeader.HashOf(header))];
        var branch = new Hash256[MerkleTree.BranchLength(hashes.Length)];
        Hash256 root = MerkleTree.FoldBranch(hashes, height, branch);
        proof = maxHeaders < state.HeadersToRead ? null : new HeaderProof(branch, root, HeadersRead: state.HeadersToRead);
        return proof is not null;
    }

    public ScriptSet Resolve(Hash256 scriptHash) => new(HashX.OfScriptHash(scriptHash));

    public ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript)
    {
        HashX primary = HashX.OfScript(canonicalScript);
        return new ScriptSet([primary, .. state.Aliases.GetValueOrDefault(primary, [])]);
    }

    public bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        List<HistoryEntry> entries = [.. scripts.Scripts.SelectMany(script => state.Histories.GetValueOrDefault(script, []))];
        history = entries.Count <= maxEntries ? entries : null;
        return history is not null;
    }


    public IReadOnlyList<HistoryEntry> GetMempoolEntries(ScriptSet scripts) =>
        [.. scripts.Scripts.SelectMany(script => state.Histories.GetValueOrDefault(script, [])).Where(entry => !entry.IsConfirmed)];

    public bool TryGetBalance(ScriptSet scripts, int maxEntries, out Balance balance, out int entries)
    {
        Balance[] parts = [.. scripts.Scripts.Select(script => state.Balances.GetValueOrDefault(script))];
        balance = new Balance(parts.Sum(part => part.Confirmed), parts.Sum(part => part.Unconfirmed));
        int outputs = scripts.Scripts.Sum(script => state.Unspent.GetValueOrDefault(script, []).Count);
        entries = Math.Min(outputs, maxEntries);
        return outputs <= maxEntries;
    }

    public bool TryGetUnspent(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<UnspentOutput>? unspent)
    {
        unspent = [.. scripts.Scripts.SelectMany(script => state.Unspent.GetValueOrDefault(script, []))];
        return unspent.Count <= maxEntries;
    }

    public bool IsUnspent(OutPoint outPoint) =>
        state.Unspent.Values.Any(list => list.Exists(output => output.Txid == outPoint.Txid && output.Index == outPoint.Index));

    public bool TryGetUnspentOutput(OutPoint outPoint, out UnspentOutput output)
    {
        output = state.Unspent.Values.SelectMany(list => list).FirstOrDefault(some => some.Txid == outPoint.Txid && some.Index == outPoint.Index);
        return output != default;
    }

    public bool TryGetOutpointStatus(OutPoint outPoint, HashX script, int maxSpends, out OutpointStatus status, out int spendsRead)
    {
        // What a test does not say follows from the history: its transactions pay the script with their first output.
        if (!state.Outpoints.TryGetValue(outPoint, out status) && outPoint.Index == 0)
        {
            HistoryEntry funding = state.Histories.GetValueOrDefault(script, []).Find(entry => entry.Txid == outPoint.Txid);
            if (funding != default) status = new OutpointStatus(funding.Height);
        }

        spendsRead = Math.Min(state.SpendsToRead, maxSpends);
        return state.SpendsToRead <= maxSpends;
    }

    public bool TryGetFirstUse(ScriptSet scripts, int maxTransactions, out FirstUse? use, out int spendsRead)
    {
        use = scripts.Scripts.Select(script => state.FirstUses.GetValueOrDefault(script) ?? FirstOfHistory(script)).OfType<FirstUse>().MinBy(first => first.Height);
        spendsRead = Math.Min(state.SpendsToRead, maxTransactions);
        return state.SpendsToRead <= maxTransactions;
    }

    public bool TryFindTransaction(Hash256 txid, out TxLocation location)
    {
        TxLocation[] found = [.. state.Txids.Where(pair => pair.Value == txid).Select(pair => new TxLocation(pair.Key.Height, pair.Key.Position))];
        location = found.Length > 0 ? found.Max() : default;
        return found.Length > 0;
    }

    public bool IsInMempool(Hash256 txid) =>
        state.Mempool.Exists(entry => entry.Txid == txid)
        || state.Histories.Values.Any(history => history.Exists(entry => entry.Txid == txid && !entry.IsConfirmed));

    public IReadOnlyList<MempoolSummary> RecentMempool => [.. Enumerable.Reverse(state.Mempool).Take(10)];

    public void Dispose()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isDisposed = true;
        released();
    }

    private FirstUse? FirstOfHistory(HashX script)
    {
        HistoryEntry first = state.Histories.GetValueOrDefault(script, []).Where(entry => entry.IsConfirmed).OrderBy(entry => entry.Height).FirstOrDefault();
        return first == default ? null : new FirstUse(first.Txid, first.Height, BlockHeader.HashOf(state.Headers[first.Height]));
    }

    private Hash256[] TxidsOf(int height) =>
        [.. state.Txids.Where(pair => pair.Key.Height == height).OrderBy(pair => pair.Key.Position).Select(pair => pair.Value)];

    private static MerkleProof Prove(int height, int position, Hash256[] txids)
    {
        var branch = new Hash256[MerkleTree.BranchLength(txids.Length)];
        MerkleTree.FoldBranch([.. txids], position, branch);
        return new MerkleProof(height, position, branch);
    }
}
