// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>What look-ups of single outputs cost, and the order of the mempool.</summary>
public sealed class OutpointTests
{
    private const int Count = 20;

    private static readonly byte[] Script = ModelScripts.Indexed[0];

    [Fact]
    public void A_spend_is_looked_for_among_as_many_as_allowed_from_either_end()
    {
        using var fixture = new IndexFixture(pruningLimit: 0);
        Hash256 funding = Fill(fixture, isSpent: true);
        using ChainView view = fixture.Index.AcquireView();
        for (int i = 0; i < Count; i++)
        {
            bool isAtAnEnd = i is < 3 or >= Count - 3;
            view.TryGetOutpointStatus(new OutPoint(funding, (uint)i), HashX.OfScript(Script), 3, out OutpointStatus status, out _).ShouldBe(isAtAnEnd);
            status.SpenderHeight.ShouldBe(isAtAnEnd ? 2 + i : 0);
            view.TryGetOutpointStatus(new OutPoint(funding, (uint)i), HashX.OfScript(Script), Count, out status, out _).ShouldBeTrue();
            (status.FunderHeight, status.SpenderHeight).ShouldBe((1, 2 + i));
        }

        // No such output: known only when all spends were looked at.
        view.TryGetOutpointStatus(new OutPoint(funding, Count), HashX.OfScript(Script), 3, out _, out _).ShouldBeFalse();
        view.TryGetOutpointStatus(new OutPoint(funding, Count), HashX.OfScript(Script), Count, out OutpointStatus unknown, out _).ShouldBeTrue();
        unknown.ShouldBe(OutpointStatus.Unknown);
    }

    [Fact]
    public void The_first_use_is_looked_for_among_as_many_as_allowed_and_never_past_the_pruning_limit()
    {
        using var all = new IndexFixture(pruningLimit: 0);
        Fill(all, isSpent: true);
        using ChainView view = all.Index.AcquireView();
        ScriptSet scripts = ChainView.Resolve(ScriptHash.Of(Script));
        view.TryGetFirstUse(scripts, 3, out _, out _).ShouldBeFalse();
        view.TryGetFirstUse(scripts, Count, out FirstUse? use, out _).ShouldBeTrue();
        use!.Height.ShouldBe(1);

        // A long history is given up as soon as it is known to be too long.
        view.TryGetHistory(scripts, 3, out _).ShouldBeFalse();
        view.TryGetFirstUse(scripts, 3, out _, out int spendsRead).ShouldBeFalse();
        spendsRead.ShouldBe(3);

        using var pruned = new IndexFixture(pruningLimit: 2);
        Fill(pruned, isSpent: true);
        using ChainView prunedView = pruned.Index.AcquireView();
        prunedView.TryGetFirstUse(scripts, 2, out use, out _).ShouldBeTrue();
        use!.Height.ShouldBe(1);
    }

    [Fact]
    public void The_mempool_remembers_the_order_of_arrival_over_a_reorganisation()
    {
        using var fixture = new IndexFixture();
        Hash256 funding = Fill(fixture, isSpent: false);
        List<ModelTransaction> mempool = [.. Enumerable.Range(0, 12).Select(i => Spend(funding, i))];
        foreach (int known in (int[])[4, 8, 12])
            Update(mempool[..known]);
        Hash256[] newestFirst = [.. Enumerable.Reverse(mempool).Take(10).Select(transaction => transaction.Txid)];
        fixture.Index.Mempool.View.Recent.Select(entry => entry.Txid).ShouldBe(newestFirst);
        fixture.Index.Mempool.View.Recent[0].ShouldBe(new MempoolSummary(mempool[^1].Txid, 40, mempool[^1].Raw.Length));

        fixture.Index.Mempool.Rewind([]);
        Update(mempool);
        fixture.Index.Mempool.View.Recent.Select(entry => entry.Txid).ShouldBe(newestFirst);

        void Update(List<ModelTransaction> listed)
        {
            IReadOnlySet<Hash256> known = fixture.Index.Mempool.Known;
            fixture.Index.Mempool.Update(
                [.. listed.Select(transaction => transaction.Txid)],
                listed.Where(transaction => !known.Contains(transaction.Txid)).Select(transaction => new MempoolTransaction(transaction.Txid, transaction.Raw)),
                fixture.Index.Writer.TryGetUnspent,
                []);
        }
    }

    /// <summary>One transaction pays the script often; each of the next blocks spends one of the outputs.</summary>
    private static Hash256 Fill(IndexFixture fixture, bool isSpent)
    {
        var blocks = new List<ModelBlock>();
        Add(Coinbase(0, [new ModelOutput([0x51], 50)]));
        ModelTransaction funding = Coinbase(1, [.. Enumerable.Repeat(new ModelOutput(Script, 100), Count)]);
        Add(funding);
        for (int i = 0; i < Count && isSpent; i++)
            Add(Coinbase(2 + i, [new ModelOutput([0x51], 50)]), Spend(funding.Txid, i));
        fixture.ConnectAndPublish(blocks);
        return funding.Txid;

        void Add(params ModelTransaction[] transactions) =>
            blocks.Add(BlockBytes.Block(1, blocks.Count, blocks.Count == 0 ? Hash256.Zero : blocks[^1].Hash, (uint)(1_400_000_000 + blocks.Count), transactions));
    }

    private static ModelTransaction Coinbase(int height, IReadOnlyList<ModelOutput> outputs) =>
        BlockBytes.Transaction(1, [new OutPoint(Hash256.Zero, OutPoint.NullIndex)], outputs, 0, [4, .. BitConverter.GetBytes(height)]);

    private static ModelTransaction Spend(Hash256 funding, int index) =>
        BlockBytes.Transaction(1, [new OutPoint(funding, (uint)index)], [new ModelOutput([0x51], 60)], 0, [1, (byte)index]);
}
