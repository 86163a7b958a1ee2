// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;

namespace ElectrumPot.Tests.Index;

/// <summary>Where every transaction stands at one moment, to be compared with a later one.</summary>
internal sealed class TransactionPlaces
{
    private readonly ChainIndex _index;
    private readonly Dictionary<Hash256, int?> _before;

    public TransactionPlaces(ChainIndex index, IReadOnlyList<ModelBlock> blocks, List<ModelTransaction> mempool)
    {
        _index = index;
        using ChainView view = index.AcquireView();
        _before = Txids(blocks, mempool).ToDictionary(txid => txid, txid => PlaceOf(view, txid));
    }

    public void EveryMoveShouldBeTouched(IReadOnlyList<ModelBlock> blocks, List<ModelTransaction> mempool, HashSet<HashX> touched)
    {
        using ChainView view = _index.AcquireView();
        foreach (Hash256 txid in _before.Keys.Union(Txids(blocks, mempool)))
        {
            if (PlaceOf(view, txid) != _before.GetValueOrDefault(txid))
                touched.ShouldContain(HashX.OfTxid(txid));
        }
    }

    private static IEnumerable<Hash256> Txids(IReadOnlyList<ModelBlock> blocks, List<ModelTransaction> mempool) =>
        blocks.SelectMany(block => block.Transactions).Concat(mempool).Select(transaction => transaction.Txid).Distinct();

    private static int? PlaceOf(ChainView view, Hash256 txid) =>
        view.Mempool.Contains(txid) ? 0 : view.TryFindTransaction(txid, out TxLocation location) ? location.Height : null;
}
