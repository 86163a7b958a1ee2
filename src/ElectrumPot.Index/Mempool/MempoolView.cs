// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Index.Mempool;

/// <summary>One state of the mempool; immutable.</summary>
public sealed class MempoolView
{
    private readonly Dictionary<Hash256, MempoolEntry> _transactions;
    private readonly Dictionary<HashX, List<MempoolEntry>> _byScript = [];
    private readonly Dictionary<HashX, List<HashX>> _aliases = [];
    private readonly Dictionary<OutPoint, MempoolEntry> _spenders = [];
    private readonly Lazy<IReadOnlyList<FeeBucket>> _feeHistogram;
    private readonly Lazy<IReadOnlyList<MempoolSummary>> _recent;

    /// <param name="transactions">Not changed any more by anybody.</param>
    internal MempoolView(Dictionary<Hash256, MempoolEntry> transactions)
    {
        _transactions = transactions;
        _feeHistogram = new Lazy<IReadOnlyList<FeeBucket>>(MakeFeeHistogram);
        _recent = new Lazy<IReadOnlyList<MempoolSummary>>(MakeRecent);
        foreach (MempoolEntry transaction in transactions.Values)
        {
            TotalSize += transaction.VirtualSize;
            foreach (HashX script in transaction.Scripts)
                Add(_byScript, script, transaction);
            foreach (MempoolInput input in transaction.Inputs)
                _spenders[input.PreviousOutput] = transaction;
            foreach (Building.ScriptAlias alias in transaction.Aliases)
                Add(_aliases, alias.AddressScript, alias.Script);
        }
    }

    /// <summary>Before the daemon's mempool has been seen.</summary>
    public static MempoolView Unknown { get; } = new([]);

    public bool IsKnown => this != Unknown;

    public int Count => _transactions.Count;

    /// <summary>In virtual bytes.</summary>
    public long TotalSize { get; }

    /// <summary>How many bytes pay at least which fee rate; made when first asked for.</summary>
    public IReadOnlyList<FeeBucket> FeeHistogram => _feeHistogram.Value;

    /// <summary>The last ten to enter, the newest first; made when first asked for.</summary>
    public IReadOnlyList<MempoolSummary> Recent => _recent.Value;

    /// <summary>Highest fee rate first. Sorted anew by every call.</summary>
    public IReadOnlyList<RatedSize> GetWaiting()
    {
        RatedSize[] waiting = [.. _transactions.Values.Select(transaction => new RatedSize(FeeRate.Of(transaction.Fee, transaction.VirtualSize), transaction.VirtualSize))];
        Array.Sort(waiting, static (left, right) => right.Rate.CompareTo(left.Rate));
        return waiting;
    }

    public bool Contains(Hash256 txid) => _transactions.ContainsKey(txid);

    public bool TryGetRaw(Hash256 txid, out ReadOnlyMemory<byte> raw)
    {
        bool isFound = _transactions.TryGetValue(txid, out MempoolEntry? transaction);
        raw = transaction?.Raw ?? default;
        return isFound;
    }

    /// <summary>Entries in the order of protocol 1.6: height 0 before -1, then txid in display order. Each once.</summary>
    public IReadOnlyList<HistoryEntry> GetEntries(ScriptSet scripts)
    {
        List<HistoryEntry>? entries = null;
        foreach (MempoolEntry transaction in Touching(scripts))
            (entries ??= []).Add(new HistoryEntry(transaction.Txid, transaction.Height, transaction.Fee));
        if (entries is null) return [];
        entries.Sort((left, right) =>
        {
            int order = right.Height.CompareTo(left.Height);
            return order != 0 ? order : left.Txid.CompareTo(right.Txid);
        });
        return entries;
    }

    internal long GetBalanceChange(ScriptSet scripts)
    {
        long change = 0;
        foreach (MempoolEntry transaction in Touching(scripts))
        {
            foreach (MempoolOutput output in transaction.Outputs)
                change += scripts.Span.Contains(output.Script) ? output.Value : 0;
            foreach (MempoolInput input in transaction.Inputs)
                change -= scripts.Span.Contains(input.Script) ? input.Value : 0;
        }

        return change;
    }

    /// <summary>Adds outputs that the mempool creates and does not spend.</summary>
    internal void AddUnspent(ScriptSet scripts, List<UnspentOutput> unspent)
    {
        foreach (MempoolEntry transaction in Touching(scripts))
        {
            foreach (MempoolOutput output in transaction.Outputs)
            {
                if (scripts.Span.Contains(output.Script) && !IsSpent(new OutPoint(transaction.Txid, (uint)output.Index)))
                    unspent.Add(new UnspentOutput(transaction.Txid, (uint)output.Index, 0, output.Value));
            }
        }
    }

    internal bool IsSpent(OutPoint outPoint) => _spenders.ContainsKey(outPoint);

    /// <param name="height">0 or -1.</param>
    internal bool TryGetSpender(OutPoint outPoint, out Hash256 spender, out int height)
    {
        bool isFound = _spenders.TryGetValue(outPoint, out MempoolEntry? transaction);
        (spender, height) = isFound ? (transaction!.Txid, transaction.Height) : default;
        return isFound;
    }

    /// <param name="height">Of the transaction that has the output: 0 or -1.</param>
    internal bool TryGetOutputHeight(OutPoint outPoint, out int height)
    {
        height = 0;
        if (!TryGetOutput(outPoint, out _, out _)) return false;
        height = _transactions[outPoint.Txid].Height;
        return true;
    }

    internal bool TryGetOutput(OutPoint outPoint, out HashX script, out long value)
    {
        if (_transactions.TryGetValue(outPoint.Txid, out MempoolEntry? transaction))
        {
            foreach (MempoolOutput output in transaction.Outputs)
            {
                if (output.Index != outPoint.Index) continue;
                (script, value) = (output.Script, output.Value);
                return true;
            }
        }

        (script, value) = (default, 0);
        return false;
    }

    internal IReadOnlyList<HashX> GetAliases(HashX addressScript) =>
        _aliases.TryGetValue(addressScript, out List<HashX>? scripts) ? scripts : [];

    private IEnumerable<MempoolEntry> Touching(ScriptSet scripts)
    {
        if (_byScript.Count == 0) return [];
        if (scripts.Scripts.Count == 1)
            return _byScript.TryGetValue(scripts.Primary, out List<MempoolEntry>? only) ? only : [];
        var all = new HashSet<MempoolEntry>();
        foreach (HashX script in scripts.Scripts)
        {
            if (_byScript.TryGetValue(script, out List<MempoolEntry>? some)) all.UnionWith(some);
        }

        return all;
    }

    private IReadOnlyList<FeeBucket> MakeFeeHistogram() =>
        Mempool.FeeHistogram.Make(_transactions.Values.Select(transaction => (transaction.Fee, transaction.VirtualSize)));

    private MempoolSummary[] MakeRecent()
    {
        const int Shown = 10;
        var newest = new PriorityQueue<MempoolEntry, long>(Shown + 1);
        foreach (MempoolEntry transaction in _transactions.Values)
        {
            newest.Enqueue(transaction, transaction.Arrival);
            if (newest.Count > Shown) newest.Dequeue();
        }

        var recent = new MempoolSummary[newest.Count];
        while (newest.TryDequeue(out MempoolEntry? oldest, out _))
            recent[newest.Count] = new MempoolSummary(oldest.Txid, oldest.Fee, oldest.VirtualSize);
        return recent;
    }

    private static void Add<TItem>(Dictionary<HashX, List<TItem>> index, HashX key, TItem item)
    {
        if (index.TryGetValue(key, out List<TItem>? items))
            items.Add(item);
        else
            index.Add(key, [item]);
    }
}
