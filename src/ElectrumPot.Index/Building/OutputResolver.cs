// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>Finds an unspent output of the store by its outpoint.</summary>
/// <param name="pool">Iterators of the table of locations, to borrow one from; null to make one.</param>
internal sealed class OutputResolver(IndexStore store, ReadOptions read, IteratorPool? pool = null) : IDisposable
{
    private readonly List<TxLocation> _candidates = [];
    private Iterator? _locations;

    /// <summary>What became of a look-up.</summary>
    public enum Outcome
    {
        /// <summary>No block has this txid.</summary>
        UnknownTransaction,

        /// <summary>The transaction is there, the output is spent already or of a kind that is not indexed.</summary>
        NotUnspent,

        Found,
    }

    /// <param name="isConfirmed">
    /// The txid is known to stand in a block of the store, so that a single candidate must be it and need not be
    /// compared. Without that knowledge a forged txid with the same first bytes would be taken for it.
    /// </param>
    public Outcome Find(OutPoint outPoint, bool isConfirmed, out OutputLocation location, out OutputValue value)
    {
        location = default;
        value = default;
        FindCandidates(outPoint.Txid);
        if (outPoint.Index > RowCodec.MaxIndex) return Outcome.NotUnspent;

        bool isKnown = false;
        // The latest first: of equal txids it is the one that can be unspent.
        for (int i = _candidates.Count - 1; i >= 0; i--)
        {
            TxLocation candidate = _candidates[i];
            if ((_candidates.Count > 1 || !isConfirmed) && !IsTxid(candidate, outPoint.Txid)) continue;
            isKnown = true;
            location = new OutputLocation(candidate, (int)outPoint.Index);
            if (store.Outputs.TryGet(location, read, out value)) return Outcome.Found;
        }

        return isKnown ? Outcome.NotUnspent : Outcome.UnknownTransaction;
    }

    /// <summary>The latest block position of a txid.</summary>
    public bool TryFindTransaction(Hash256 txid, out TxLocation location) =>
        TryFindTransaction(txid, new TxLocation(int.MaxValue, 0), out location);

    /// <summary>The latest block position of a txid before another position.</summary>
    public bool TryFindTransaction(Hash256 txid, TxLocation before, out TxLocation location)
    {
        FindCandidates(txid);
        for (int i = _candidates.Count - 1; i >= 0; i--)
        {
            location = _candidates[i];
            if (location < before && IsTxid(location, txid)) return true;
        }

        location = default;
        return false;
    }

    /// <summary>Forgets the rows as they were; the next look-up sees what has been committed since.</summary>
    public void Refresh()
    {
        if (_locations is null) return;
        if (pool is null) _locations.Dispose();
        else pool.Return(_locations);
        _locations = null;
    }

    public void Dispose() => Refresh();

    [MemberNotNull(nameof(_locations))]
    private void FindCandidates(Hash256 txid)
    {
        _locations ??= pool is null ? store.Locations.NewIterator(read) : pool.Take();
        LocationTable.Find(_locations, txid, _candidates);
    }

    private bool IsTxid(TxLocation location, Hash256 txid)
    {
        if (!store.Txids.TryGet(location, read, out Hash256 stored))
            throw new IndexCorruptException($"The database lists a transaction at {location.Height}:{location.Position} but has no txid there.");
        return stored == txid;
    }
}
