// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Tests.Index.Model;

/// <summary>
/// What the index should answer, computed the slow and obvious way: from all blocks, with lists and nothing kept.
/// </summary>
internal sealed class NaiveChain
{
    private readonly Dictionary<OutPoint, (byte[] Script, long Value, TxLocation Location)> _unspent = [];
    private readonly List<(byte[] Script, TxLocation Funding, TxLocation Spending)> _spends = [];
    private readonly List<(OutPoint Output, byte[] Script, TxLocation Funding, TxLocation Spending)> _spentOutputs = [];
    private readonly Dictionary<TxLocation, Hash256> _txids = [];

    public NaiveChain(IEnumerable<ModelBlock> blocks)
    {
        foreach (ModelBlock block in blocks)
        {
            for (int position = 0; position < block.Transactions.Count; position++)
                Add(block, position);
        }
    }

    public IReadOnlyDictionary<OutPoint, (byte[] Script, long Value, TxLocation Location)> Unspent => _unspent;

    public List<HistoryEntry> History(IReadOnlyCollection<byte[]> scripts, int limit)
    {
        var locations = new SortedSet<TxLocation>();
        foreach ((byte[] script, _, TxLocation location) in _unspent.Values)
        {
            if (Contains(scripts, script)) locations.Add(location);
        }

        IEnumerable<(byte[] Script, TxLocation Funding, TxLocation Spending)> spends = _spends.Where(spend => Contains(scripts, spend.Script));
        foreach ((_, TxLocation funding, TxLocation spending) in limit == 0 ? spends : spends.TakeLast(limit))
        {
            locations.Add(funding);
            locations.Add(spending);
        }

        List<HistoryEntry> history = [.. locations.Select(location => new HistoryEntry(_txids[location], location.Height))];
        // Of equal txids the last one stays.
        return [.. history.Where((entry, i) => history.FindLastIndex(other => other.Txid == entry.Txid) == i)];
    }

    /// <summary>Every spend with its own outpoint, and whether it is among the last ones of its script.</summary>
    public IEnumerable<(OutPoint Output, byte[] Script, OutpointStatus Status, bool IsRecent)> SpentOutputs(int limit)
    {
        var later = new Dictionary<HashX, int>();
        foreach ((OutPoint output, byte[] script, TxLocation funding, TxLocation spending) in Enumerable.Reverse(_spentOutputs))
        {
            HashX name = HashX.OfScript(script);
            int count = later[name] = later.GetValueOrDefault(name) + 1;
            yield return (output, script, new OutpointStatus(funding.Height, _txids[spending], spending.Height), limit == 0 || count <= limit);
        }
    }

    /// <summary>The first transaction that uses the scripts, of their unspent outputs and the last spent ones of all together.</summary>
    public TxLocation? FirstUse(IReadOnlyCollection<byte[]> scripts, int limit) =>
        _unspent.Values.Where(output => Contains(scripts, output.Script)).Select(output => (TxLocation?)output.Location)
            .Concat(_spends.Where(spend => Contains(scripts, spend.Script)).TakeLast(limit == 0 ? int.MaxValue : limit).Select(spend => (TxLocation?)spend.Funding))
            .Min();

    public Hash256 TxidAt(TxLocation location) => _txids[location];

    public long Balance(IReadOnlyCollection<byte[]> scripts) =>
        _unspent.Values.Where(output => Contains(scripts, output.Script)).Sum(output => output.Value);

    public List<UnspentOutput> UnspentOf(IReadOnlyCollection<byte[]> scripts) =>
    [
        .. _unspent.Where(pair => Contains(scripts, pair.Value.Script))
            .OrderBy(pair => pair.Value.Location).ThenBy(pair => pair.Key.Index)
            .Select(pair => new UnspentOutput(pair.Key.Txid, pair.Key.Index, pair.Value.Location.Height, pair.Value.Value)),
    ];

    public TxLocation? Find(Hash256 txid) => _txids.Where(pair => pair.Value == txid).Select(pair => (TxLocation?)pair.Key).Max();

    public static string? Status(IEnumerable<HistoryEntry> history)
    {
        string text = string.Concat(history.Select(entry => $"{entry.Txid}:{entry.Height}:"));
        return text.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }

    public static bool Contains(IReadOnlyCollection<byte[]> scripts, byte[] script) => scripts.Any(candidate => candidate.AsSpan().SequenceEqual(script));

    private void Add(ModelBlock block, int position)
    {
        ModelTransaction transaction = block.Transactions[position];
        var location = new TxLocation(block.Height, position);
        _txids.Add(location, transaction.Txid);
        foreach (OutPoint input in transaction.Inputs)
        {
            if (_unspent.Remove(input, out (byte[] Script, long Value, TxLocation Location) output))
            {
                _spends.Add((output.Script, output.Location, location));
                _spentOutputs.Add((input, output.Script, output.Location, location));
            }
        }

        if (block.Height == 0) return;
        for (int i = 0; i < transaction.Outputs.Count; i++)
        {
            ModelOutput output = transaction.Outputs[i];
            bool isMarker = output.Script.Length == 0 && output.Value == 0;
            bool isUnspendable = output.Script is [0x6a, ..] or [0x00, 0x6a, ..];
            if (!isMarker && !isUnspendable)
                _unspent[new OutPoint(transaction.Txid, (uint)i)] = (output.Script, output.Value, location);
        }
    }
}
