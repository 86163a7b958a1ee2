// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;

namespace ElectrumPot.Tests.Index.Snapshots;

internal static class SnapshotChecks
{
    /// <summary>Every table has exactly what these blocks put into it.</summary>
    public static void ShouldBeWhole(ChainIndex index, IReadOnlyList<ModelBlock> blocks, int pruningLimit)
    {
        using ChainView view = index.AcquireView();
        view.Height.ShouldBe(blocks.Count - 1);
        view.TipHash.ShouldBe(blocks[^1].Hash);
        var naive = new NaiveChain(blocks);
        foreach (byte[] script in ModelScripts.Indexed)
        {
            ScriptSet scripts = ChainView.Resolve(ScriptHash.Of(script));
            view.TryGetHistory(scripts, 100_000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            history.ShouldBe(naive.History([script], pruningLimit));
            view.TryGetUnspent(scripts, 100_000, out IReadOnlyList<UnspentOutput>? unspent).ShouldBeTrue();
            unspent.ShouldBe(naive.UnspentOf([script]));
        }

        byte[] headers = new byte[blocks.Count * BlockHeader.Size];
        view.ReadHeaders(0, blocks.Count, headers).ShouldBe(blocks.Count);
        headers.ShouldBe(blocks.SelectMany(block => block.Header).ToArray());
        foreach (ModelBlock block in blocks)
        {
            view.CountTransactions(block.Height).ShouldBe(block.Transactions.Count);
            for (int position = 0; position < block.Transactions.Count; position++)
            {
                view.TryGetTxid(block.Height, position, out Hash256 txid).ShouldBeTrue();
                txid.ShouldBe(block.Transactions[position].Txid);
            }
        }

        foreach (OutPoint outPoint in naive.Unspent.Keys)
        {
            view.TryFindTransaction(outPoint.Txid, out TxLocation location).ShouldBeTrue();
            location.ShouldBe(naive.Find(outPoint.Txid)!.Value);
        }
    }
}
