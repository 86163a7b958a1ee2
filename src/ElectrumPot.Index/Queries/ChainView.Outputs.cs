// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Queries;

/// <summary>Queries about single outputs and about the first use of a script.</summary>
public sealed partial class ChainView
{
    /// <summary>
    /// Who funds an output and who spends it. The spends of the output's script lead from the one to the other, and
    /// only those after the funding transaction are read: the first ones, then the last ones.
    /// </summary>
    /// <param name="script">Of the output; with another one a spend is not found.</param>
    /// <param name="maxSpends">Spends of the script to be read at most, from each end.</param>
    /// <param name="status">
    /// Unknown as well where the output is not indexed (OP_RETURN, the genesis coinbase) and where its spend has been
    /// pruned: "unspent" would be a lie then.
    /// </param>
    /// <param name="spendsRead">How many were.</param>
    /// <returns>False when the spend was not among as many as may be read.</returns>
    public bool TryGetOutpointStatus(OutPoint outPoint, HashX script, int maxSpends, out OutpointStatus status, out int spendsRead)
    {
        spendsRead = 0;
        status = OutpointStatus.Unknown;
        if (Mempool.TryGetOutputHeight(outPoint, out int height))
        {
            status = WithMempoolSpender(new OutpointStatus(height), outPoint);
            return true;
        }

        using var resolver = new OutputResolver(_store, _read, _locationRows);
        switch (resolver.Find(outPoint, isConfirmed: false, out OutputLocation output, out _))
        {
            case OutputResolver.Outcome.UnknownTransaction:
                return true;
            case OutputResolver.Outcome.Found:
                status = WithMempoolSpender(new OutpointStatus(output.Transaction.Height), outPoint);
                return true;
            default:
                return outPoint.Index > RowCodec.MaxIndex
                    || !resolver.TryFindTransaction(outPoint.Txid, out TxLocation funding)
                    || TryFindSpend(new OutputLocation(funding, (int)outPoint.Index), script, maxSpends, out status, ref spendsRead);
        }
    }

    /// <summary>An output that neither a block nor the mempool spends.</summary>
    /// <param name="output">Its height is 0 for an output of a mempool transaction.</param>
    public bool TryGetUnspentOutput(OutPoint outPoint, out UnspentOutput output)
    {
        output = default;
        if (Mempool.IsSpent(outPoint)) return false;
        if (Mempool.TryGetOutput(outPoint, out _, out long value))
        {
            output = new UnspentOutput(outPoint.Txid, outPoint.Index, 0, value);
            return true;
        }

        using var resolver = new OutputResolver(_store, _read, _locationRows);
        if (resolver.Find(outPoint, isConfirmed: false, out OutputLocation location, out OutputValue found) != OutputResolver.Outcome.Found)
            return false;
        output = new UnspentOutput(outPoint.Txid, outPoint.Index, location.Transaction.Height, found.Value);
        return true;
    }

    /// <summary>
    /// The earliest confirmed transaction of the scripts that a history shows. What pruning hides is not looked for:
    /// the answer would depend on when rows are cleaned away.
    /// </summary>
    /// <param name="use">Null when no block has the scripts.</param>
    /// <param name="spendsRead">How many were.</param>
    /// <returns>False when a script has more spending transactions than <paramref name="maxTransactions"/>.</returns>
    public bool TryGetFirstUse(ScriptSet scripts, int maxTransactions, out FirstUse? use, out int spendsRead)
    {
        use = null;
        TxLocation? first = null;
        using (IteratorPool.Lease lease = _scriptRows.Rent())
        {
            bool isInLimit = TryCollectSpent(lease, scripts, maxTransactions, out List<SpentRow> spent);
            spendsRead = spent.Count;
            if (!isInLimit) return false;
            foreach (SpentRow row in spent)
                first = Earlier(first, row.Output.Transaction);
            foreach (HashX script in scripts.Span)
            {
                ScriptTable.UnspentWalk unspent = ScriptTable.Unspent(lease.Iterator, script);
                if (unspent.MoveNext()) first = Earlier(first, unspent.Current.Output.Transaction);
            }
        }

        if (first is not { } location) return true;
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (!TryGetHeader(location.Height, header))
            throw new IndexCorruptException($"The header of height {location.Height} is missing from the database.");
        use = new FirstUse(ReadTxid(location), location.Height, BlockHeader.HashOf(header));
        return true;
    }

    private bool TryFindSpend(OutputLocation output, HashX script, int maxSpends, out OutpointStatus status, ref int spendsRead)
    {
        status = OutpointStatus.Unknown;
        using IteratorPool.Lease lease = _scriptRows.Rent();
        bool isAllRead = TryFindSpend(ScriptTable.SpentForwards(lease.Iterator, script, output.Transaction), output, maxSpends, out TxLocation? spending, ref spendsRead)
            || TryFindSpend(ScriptTable.SpentBackwards(lease.Iterator, script), output, maxSpends, out spending, ref spendsRead);
        if (spending is not { } location) return isAllRead;
        status = new OutpointStatus(output.Transaction.Height, ReadTxid(location), location.Height);
        return true;
    }

    /// <returns>False when the walk was broken off.</returns>
    private static bool TryFindSpend(ScriptTable.SpentWalk walk, OutputLocation output, int maxSpends, out TxLocation? spending, ref int spendsRead)
    {
        spending = null;
        for (int count = 0; walk.MoveNext() && walk.Current.Spending >= output.Transaction; count++)
        {
            if (count >= maxSpends) return false;
            spendsRead++;
            if (walk.Current.Output != output) continue;
            spending = walk.Current.Spending;
            break;
        }

        return true;
    }

    private OutpointStatus WithMempoolSpender(OutpointStatus status, OutPoint outPoint) =>
        Mempool.TryGetSpender(outPoint, out Hash256 spender, out int height)
            ? status with { Spender = spender, SpenderHeight = height }
            : status;

    private static TxLocation Earlier(TxLocation? known, TxLocation other) => known is { } location && location < other ? location : other;
}
