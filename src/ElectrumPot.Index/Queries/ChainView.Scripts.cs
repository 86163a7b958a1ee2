// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Queries;

/// <summary>Queries about scripts and addresses.</summary>
public sealed partial class ChainView
{
    private const int KeptLocations = 4096;

    [ThreadStatic]
    private static List<TxLocation>? _locations;

    /// <summary>Exactly the script of a scripthash: scripthash queries never merge (protocol, "Address versus script").</summary>
    public static ScriptSet Resolve(Hash256 scriptHash) => new(HashX.OfScriptHash(scriptHash));

    /// <summary>The script of an address and the other scripts of its key that chain or mempool have shown.</summary>
    /// <param name="canonicalScript">P2PKH or P2SH with minimal pushes.</param>
    public ScriptSet ResolveAddress(ReadOnlySpan<byte> canonicalScript)
    {
        HashX address = HashX.OfScript(canonicalScript);
        var scripts = new List<HashX> { address };
        _store.Aliases.Find(address, _read, scripts);
        foreach (HashX alias in Mempool.GetAliases(address))
        {
            if (!scripts.Contains(alias)) scripts.Add(alias);
        }

        return new ScriptSet([.. scripts]);
    }

    /// <summary>
    /// The funding transactions of all unspent outputs, and the funding and spending transactions of the last spent
    /// ones up to the pruning limit, in block order, each txid once; then the mempool (protocol, "Pruning").
    /// </summary>
    /// <returns>False when there are more entries than <paramref name="maxEntries"/>.</returns>
    public bool TryGetHistory(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<HistoryEntry>? history)
    {
        bool isOne = scripts.Span.Length == 1;
        if (isOne && _shared.Histories.TryGet(scripts.Primary, Sequence, out History? known))
        {
            history = known.Count <= maxEntries ? known : null;
            return history is not null;
        }

        if (ReadHistory(scripts, maxEntries) is not { } read)
        {
            history = null;
            return false;
        }

        if (isOne) _shared.Histories.Add(scripts.Primary, Sequence, read);
        history = read;
        return true;
    }

    /// <param name="status">Null when the history is empty.</param>
    /// <returns>False when there are more entries than <paramref name="maxEntries"/>.</returns>
    public bool TryGetStatus(ScriptSet scripts, int maxEntries, out Hash256? status)
    {
        bool isInLimit = TryGetHistory(scripts, maxEntries, out IReadOnlyList<HistoryEntry>? history);
        status = isInLimit ? StatusHash.Compute(history!) : null;
        return isInLimit;
    }

    /// <param name="entries">Unspent outputs that were read.</param>
    /// <returns>False when there are more than <paramref name="maxEntries"/>.</returns>
    public bool TryGetBalance(ScriptSet scripts, int maxEntries, out Balance balance, out int entries)
    {
        balance = default;
        entries = 0;
        long confirmed = 0;
        using IteratorPool.Lease lease = _scriptRows.Rent();
        foreach (HashX script in scripts.Span)
        {
            ScriptTable.UnspentWalk walk = ScriptTable.Unspent(lease.Iterator, script);
            while (walk.MoveNext())
            {
                if (entries >= maxEntries) return false;
                entries++;
                confirmed += walk.Current.Value;
            }
        }

        balance = new Balance(confirmed, Mempool.GetBalanceChange(scripts));
        return true;
    }

    /// <summary>Confirmed outputs in block order, then those of the mempool; without those that the mempool spends.</summary>
    /// <returns>False when there are more than <paramref name="maxEntries"/>.</returns>
    public bool TryGetUnspent(ScriptSet scripts, int maxEntries, [NotNullWhen(true)] out IReadOnlyList<UnspentOutput>? unspent)
    {
        unspent = null;
        var rows = new List<UnspentRow>();
        using (IteratorPool.Lease lease = _scriptRows.Rent())
        {
            foreach (HashX script in scripts.Span)
            {
                ScriptTable.UnspentWalk walk = ScriptTable.Unspent(lease.Iterator, script);
                while (walk.MoveNext())
                {
                    if (rows.Count >= maxEntries) return false;
                    rows.Add(walk.Current);
                }
            }
        }

        // Within one script the table is in order already.
        if (scripts.Span.Length > 1)
        {
            rows.Sort((left, right) =>
            {
                int order = left.Output.Transaction.CompareTo(right.Output.Transaction);
                return order != 0 ? order : left.Output.Index.CompareTo(right.Output.Index);
            });
        }

        var outputs = new List<UnspentOutput>(rows.Count);
        foreach (UnspentRow row in rows)
        {
            TxLocation location = row.Output.Transaction;
            Hash256 txid = ReadTxid(location);
            if (!Mempool.IsSpent(new OutPoint(txid, (uint)row.Output.Index)))
                outputs.Add(new UnspentOutput(txid, (uint)row.Output.Index, location.Height, row.Value));
        }

        Mempool.AddUnspent(scripts, outputs);
        unspent = outputs;
        return outputs.Count <= maxEntries;
    }

    /// <returns>Null when there are more than <paramref name="maxEntries"/>.</returns>
    private History? ReadHistory(ScriptSet scripts, int maxEntries)
    {
        List<TxLocation> locations = _locations ??= [];
        locations.Clear();
        try
        {
            return TryCollectLocations(scripts, maxEntries, locations) ? ReadHistory(scripts, maxEntries, locations) : null;
        }
        finally
        {
            if (locations.Capacity > KeptLocations) _locations = null;
        }
    }

    /// <inheritdoc cref="ReadHistory(ScriptSet, int)"/>
    private History? ReadHistory(ScriptSet scripts, int maxEntries, List<TxLocation> locations)
    {
        locations.Sort();
        int confirmed = RemoveRepeated(locations);
        if (confirmed > maxEntries) return null;
        IReadOnlyList<HistoryEntry> pending = Mempool.GetEntries(scripts);
        if (confirmed + pending.Count > maxEntries) return null;
        var entries = new HistoryEntry[confirmed + pending.Count];
        int coinbases = 0;
        for (int i = 0; i < confirmed; i++)
        {
            TxLocation location = locations[i];
            if (location.Position == 0) coinbases++;
            entries[i] = new HistoryEntry(ReadTxid(location), location.Height);
        }

        for (int i = 0; i < pending.Count; i++)
            entries[confirmed + i] = pending[i];
        return new History(coinbases > 1 ? WithoutRepeatedCoinbases(entries) : entries);
    }

    /// <returns>False when there are more than allowed.</returns>
    private bool TryCollectLocations(ScriptSet scripts, int maxEntries, List<TxLocation> locations)
    {
        using IteratorPool.Lease lease = _scriptRows.Rent();
        if (scripts.Span.Length == 1 && TryCollectShort(lease, scripts.Primary, maxEntries, locations, out bool isInLimit)) return isInLimit;
        locations.Clear();
        if (!TryCollectSpent(lease, scripts, maxEntries, out List<SpentRow> spent)) return false;
        foreach (SpentRow row in spent)
        {
            locations.Add(row.Output.Transaction);
            locations.Add(row.Spending);
        }

        return TryCollectUnspent(lease, scripts, maxEntries, locations);
    }

    /// <summary>Of a script whose spends are all shown one walk tells all; and nearly all scripts are of that kind.</summary>
    /// <returns>False when it has more spends than that.</returns>
    private bool TryCollectShort(in IteratorPool.Lease lease, HashX script, int maxEntries, List<TxLocation> locations, out bool isInLimit)
    {
        int limit = _pruningLimit == 0 ? int.MaxValue : _pruningLimit;
        isInLimit = false;
        int spends = 0;
        int spending = 0;
        int funding = 0;
        TxLocation previous = new(-1, -1);
        ScriptTable.RowWalk walk = ScriptTable.Rows(lease.Iterator, script);
        while (walk.MoveNext())
        {
            TxLocation location = walk.Location;
            if (walk.IsSpent)
            {
                if (++spends > limit) return false;
                locations.Add(walk.SpentOutput.Transaction);
            }

            if (location == previous) continue;
            previous = location;
            // Counted apart, since one transaction may be both. Of many spends those that are shown may be fewer.
            if (walk.IsSpent && ++spending > maxEntries) return false;
            if (!walk.IsSpent && ++funding > maxEntries) return true;
            locations.Add(location);
        }

        isInLimit = true;
        return true;
    }

    /// <summary>The spends that a history shows.</summary>
    /// <returns>False when a script has more spending transactions than allowed, all of which would be shown.</returns>
    private bool TryCollectSpent(in IteratorPool.Lease lease, ScriptSet scripts, int maxTransactions, out List<SpentRow> spent)
    {
        int limit = _pruningLimit == 0 ? int.MaxValue : _pruningLimit;
        // What one script has may still give way to the later spends of the others.
        bool isAllShown = _pruningLimit == 0 || scripts.Span.Length == 1;
        spent = [];
        foreach (HashX script in scripts.Span)
        {
            int transactions = 0;
            TxLocation previous = new(-1, -1);
            ScriptTable.SpentWalk walk = ScriptTable.SpentBackwards(lease.Iterator, script);
            for (int count = 0; count < limit && walk.MoveNext(); count++)
            {
                SpentRow row = walk.Current;
                if (row.Spending != previous && ++transactions > maxTransactions && isAllShown) return false;
                previous = row.Spending;
                spent.Add(row);
            }
        }

        // The limit holds for the address as a whole: of each script the last ones were read, the last of all remain.
        if (scripts.Span.Length > 1 && spent.Count > limit)
        {
            spent.Sort((left, right) =>
            {
                int order = right.Spending.CompareTo(left.Spending);
                return order != 0 ? order : right.InputIndex.CompareTo(left.InputIndex);
            });
            spent.RemoveRange(limit, spent.Count - limit);
        }

        return true;
    }

    /// <returns>False when the unspent outputs alone belong to more transactions than allowed.</returns>
    private static bool TryCollectUnspent(in IteratorPool.Lease lease, ScriptSet scripts, int maxEntries, List<TxLocation> locations)
    {
        foreach (HashX script in scripts.Span)
        {
            int transactions = 0;
            TxLocation previous = new(-1, -1);
            ScriptTable.UnspentWalk walk = ScriptTable.Unspent(lease.Iterator, script);
            while (walk.MoveNext())
            {
                TxLocation location = walk.Current.Output.Transaction;
                if (location == previous) continue;
                previous = location;
                if (++transactions > maxEntries) return false;
                locations.Add(location);
            }
        }

        return true;
    }

    /// <param name="locations">Sorted.</param>
    /// <returns>How many are left, at the front.</returns>
    private static int RemoveRepeated(List<TxLocation> locations)
    {
        int kept = 0;
        for (int i = 0; i < locations.Count; i++)
        {
            if (kept == 0 || locations[i] != locations[kept - 1]) locations[kept++] = locations[i];
        }

        return kept;
    }

    /// <summary>
    /// Two coinbases may share a txid; a wallet refuses a history that names one twice. The later one stays.
    /// </summary>
    private static HistoryEntry[] WithoutRepeatedCoinbases(HistoryEntry[] entries)
    {
        var seen = new HashSet<Hash256>(entries.Length);
        List<HistoryEntry> kept = [];
        for (int i = entries.Length - 1; i >= 0; i--)
        {
            if (seen.Add(entries[i].Txid)) kept.Add(entries[i]);
        }

        kept.Reverse();
        return kept.Count == entries.Length ? entries : [.. kept];
    }
}
