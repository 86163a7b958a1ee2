// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <param name="Fee">In 1e-8 POT.</param>
/// <param name="Time">When it entered, seconds since 1970.</param>
/// <param name="Height">Of the chain when it entered.</param>
public sealed record MempoolEntry(DevTransaction Transaction, long Fee, long Time, int Height);

/// <summary>Transactions that wait for a block. Lives in memory only, as potcoind's; reading is safe from any thread.</summary>
public sealed class DevMempool
{
    private readonly Lock _gate;
    private readonly Dictionary<Hash256, MempoolEntry> _entries = [];
    private readonly List<Hash256> _arrival = [];
    private readonly Dictionary<OutPoint, Hash256> _spenders = [];

    internal DevMempool(Lock gate) => _gate = gate;

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>In the order of arrival, parents before children.</summary>
    public IReadOnlyList<MempoolEntry> Entries
    {
        get
        {
            lock (_gate) return _arrival.ConvertAll(txid => _entries[txid]);
        }
    }

    public MempoolEntry? Find(Hash256 txid)
    {
        lock (_gate) return _entries.GetValueOrDefault(txid);
    }

    public Hash256? SpenderOf(OutPoint outPoint)
    {
        lock (_gate) return _spenders.TryGetValue(outPoint, out Hash256 txid) ? txid : null;
    }

    internal void Add(MempoolEntry entry)
    {
        Hash256 txid = entry.Transaction.Txid;
        _entries.Add(txid, entry);
        _arrival.Add(txid);
        foreach (TxInput input in entry.Transaction.Inputs)
            _spenders[input.PreviousOutput] = txid;
    }

    /// <summary>Takes out what a block has included, and with their descendants what contradicts it.</summary>
    internal void RemoveForBlock(DevBlock block)
    {
        foreach (DevTransaction transaction in block.Transactions)
            Remove(transaction.Txid);
        foreach (TxInput input in block.Transactions.SelectMany(transaction => transaction.Inputs))
        {
            if (_spenders.TryGetValue(input.PreviousOutput, out Hash256 conflict))
                RemoveWithDescendants(conflict);
        }
    }

    internal void RemoveWithDescendants(Hash256 txid)
    {
        if (!_entries.TryGetValue(txid, out MempoolEntry? entry)) return;
        for (int i = 0; i < entry.Transaction.Outputs.Count; i++)
        {
            if (_spenders.TryGetValue(new OutPoint(txid, (uint)i), out Hash256 child))
                RemoveWithDescendants(child);
        }

        Remove(txid);
    }

    internal List<MempoolEntry> TakeAll()
    {
        List<MempoolEntry> all = _arrival.ConvertAll(txid => _entries[txid]);
        _entries.Clear();
        _arrival.Clear();
        _spenders.Clear();
        return all;
    }

    private void Remove(Hash256 txid)
    {
        if (!_entries.Remove(txid, out MempoolEntry? entry)) return;
        _arrival.Remove(txid);
        foreach (TxInput input in entry.Transaction.Inputs)
            _spenders.Remove(input.PreviousOutput);
    }
}
