// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Queries;

/// <summary>Queries about scripts and addresses.</summary>
public sealed partial class ChainView
{
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
        history = null;
        var locations = new List<TxLocation>();
        using (IteratorPool.Lease lease = _scriptRows.Rent())
        {
            if (!TryCollectSpent(lease, scripts, maxEntries, out List<SpentRow> spent)) return false;
            foreach (SpentRow row in spent)
            {
                locations.Add(row.Output.Transaction);
                locations.Add(row.Spending);
            }

            if (!TryCollectUnspent(lease, scripts, maxEntries, locations)) return false;
        }

        locations.Sort();
        var entries = new List<HistoryEntry>(locations.Count);
        TxLocation previous = new(-1, -1);
        foreach (TxLocation location in locations)
        {
            if (location == previous) continue;
            previous = location;
            if (entries.Count >= maxEntries) return false;
            if (!_store.Txids.TryGet(location, _read, out Hash256 txid))
                throw new IndexCorruptException($"The txid of transaction {location.Position} of block {location.Height} is missing from the database.");
            entries.Add(new HistoryEntry(txid, location.Height));
        }

        RemoveRepeatedCoinbases(entries, locations);
        IReadOnlyList<HistoryEntry> pending = Mempool.GetEntries(scripts);
        if (entries.Count + pending.Count > maxEntries) return false;
        entries.AddRange(pending);
        history = entries;
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
            if (!_store.Txids.TryGet(location, _read, out Hash256 txid))
                throw new IndexCorruptException($"The txid of transaction {location.Position} of block {location.Height} is missing from the database.");
            if (!Mempool.IsSpent(new OutPoint(txid, (uint)row.Output.Index)))
                outputs.Add(new UnspentOutput(txid, (uint)row.Output.Index, location.Height, row.Value));
        }

        Mempool.AddUnspent(scripts, outputs);
        unspent = outputs;
        return outputs.Count <= maxEntries;
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

    /// <summary>
    /// Two coinbases may share a txid; a wallet refuses a history that names one twice. The later one stays.
    /// </summary>
    private static void RemoveRepeatedCoinbases(List<HistoryEntry> entries, List<TxLocation> locations)
    {
        HashSet<Hash256>? seen = null;
        bool mayRepeat = false;
        foreach (TxLocation location in locations)
            mayRepeat |= location.Position == 0;
        if (!mayRepeat) return;
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            seen ??= new HashSet<Hash256>(entries.Count);
            if (!seen.Add(entries[i].Txid))
                entries.RemoveAt(i);
        }
    }
}
