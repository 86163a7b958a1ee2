// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Chain;
using ElectrumPot.Tests.Index.Model;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

public sealed class PruningTests
{
    private static readonly byte[] Script = ModelScripts.Indexed[0];

    /// <summary>The protocol's vector of the 2014 server; its heights become the blocks 1, 2, 3 and so on.</summary>
    [Fact]
    public void The_history_of_a_pruned_script_is_that_of_the_2014_server()
    {
        JsonElement vector = ChainVectors.Protocol.GetProperty("pruning_2014");
        int[] funded = [.. vector.GetProperty("outputs_funded_at").EnumerateArray().Select(height => height.GetInt32())];
        (int Funded, int Spent)[] spent = [.. vector.GetProperty("spent_in_order").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))];
        spent.Select(pair => pair.Funded).ShouldBe(funded.Take(spent.Length));
        int[] heights = [.. funded, .. spent.Select(pair => pair.Spent)];

        using var fixture = new IndexFixture(pruningLimit: vector.GetProperty("pruning_limit").GetInt32());
        fixture.ConnectAndPublish(FundAndSpend(outputs: funded.Length, spends: spent.Length));

        HeightsOf(fixture.Index).ShouldBe(vector.GetProperty("history_heights_sorted").EnumerateArray().Select(height => Array.IndexOf(heights, height.GetInt32()) + 1));
    }

    [Fact]
    public void Spends_beyond_the_limit_are_removed_once_their_successors_are_final_and_no_answer_changes()
    {
        using var fixture = new IndexFixture(pruningLimit: 2, reorgLimit: 3);
        fixture.ConnectAndPublish(FundAndSpend(outputs: 10, spends: 10));

        HeightsOf(fixture.Index).ShouldBe([9, 10, 19, 20]);
        // Spends at 18, 19 and 20 can be undone; below them the limit of two holds.
        CountSpentRows(fixture).ShouldBe(5);
    }

    [Fact]
    public void Undoing_spends_brings_back_the_history_that_the_limit_had_hidden()
    {
        using var fixture = new IndexFixture(pruningLimit: 2, reorgLimit: 3);
        List<ModelBlock> blocks = FundAndSpend(outputs: 10, spends: 10);
        fixture.ConnectAndPublish(blocks);
        var touched = new HashSet<HashX>();
        for (int i = 0; i < 3; i++)
            fixture.Index.Writer.TryDisconnect(touched).ShouldBeTrue();
        fixture.Index.Publish(touched);

        HeightsOf(fixture.Index).ShouldBe([6, 7, 8, 9, 10, 16, 17]);
        touched.ShouldContain(HashX.OfScript(Script));
    }

    [Fact]
    public void A_reset_names_the_outputs_that_were_spent_above_the_fork()
    {
        using var fixture = new IndexFixture(pruningLimit: 0, reorgLimit: 3);
        List<ModelBlock> blocks = FundAndSpend(outputs: 5, spends: 5);
        fixture.ConnectAndPublish(blocks);
        var touched = new HashSet<HashX>();
        fixture.Index.Writer.Reset(fork: 8, touched);

        HashX[] spent = [.. blocks.Skip(6).Select(block => HashX.OfOutPoint(block.Transactions[1].Inputs[0]))];
        spent.Where(touched.Contains).ShouldBe(spent.Skip(3));
    }

    [Fact]
    public void Blocks_deeper_than_the_reorg_limit_cannot_be_undone()
    {
        using var fixture = new IndexFixture(reorgLimit: 3);
        fixture.ConnectAndPublish(FundAndSpend(outputs: 5, spends: 5));
        fixture.Index.Writer.FirstUndoHeight.ShouldBe(8);
        var touched = new HashSet<HashX>();
        for (int i = 0; i < 3; i++)
            fixture.Index.Writer.TryDisconnect(touched).ShouldBeTrue();
        fixture.Index.Writer.TryDisconnect(touched).ShouldBeFalse();
        fixture.Index.Writer.Tip.Height.ShouldBe(7);
    }

    [Fact]
    public void After_catching_up_from_far_behind_old_undo_data_still_expire()
    {
        using var fixture = new IndexFixture(pruningLimit: 2, reorgLimit: 3);
        List<ModelBlock> blocks = FundAndSpend(outputs: 10, spends: 10);
        fixture.ConnectAndPublish(blocks.Take(5));
        // The server was away; blocks that are already too deep to be undone are connected without undo data.
        foreach (ModelBlock block in blocks.Skip(5).Take(12))
            fixture.Connect(block, keepUndo: false);
        fixture.ConnectAndPublish(blocks.Skip(17));

        fixture.Index.Writer.FirstUndoHeight.ShouldBe(18);
        var touched = new HashSet<HashX>();
        for (int i = 0; i < 3; i++)
            fixture.Index.Writer.TryDisconnect(touched).ShouldBeTrue();
        fixture.Index.Writer.TryDisconnect(touched).ShouldBeFalse();
    }

    [Fact]
    public void A_lowered_limit_cleans_the_database_at_the_next_start_without_an_import()
    {
        using var fixture = new IndexFixture(pruningLimit: 0, reorgLimit: 3);
        fixture.ConnectAndPublish(FundAndSpend(outputs: 10, spends: 10));
        fixture.Reopen();
        CountSpentRows(fixture).ShouldBe(10);

        fixture.Reopen(options => options with { PruningLimit = 1 });
        fixture.Index.Serving.IsCompleted.ShouldBeTrue();
        HeightsOf(fixture.Index).ShouldBe([10, 20]);
        fixture.Index.IsPruningDue.ShouldBeTrue();
        fixture.Index.Writer.PruneAll(CancellationToken.None);
        fixture.Index.IsPruningDue.ShouldBeFalse();
        HeightsOf(fixture.Index).ShouldBe([10, 20]);
        CountSpentRows(fixture).ShouldBe(4);
    }

    [Fact]
    public void A_history_is_too_long_by_what_it_shows_and_not_by_what_is_hidden()
    {
        const int Consolidated = 12;
        using var fixture = new IndexFixture(pruningLimit: Consolidated);
        List<ModelBlock> blocks = FundAndSpend(outputs: 10, spends: 10);
        ModelTransaction funding = BlockBytes.Transaction(
            1, [new OutPoint(Hash256.Zero, OutPoint.NullIndex)], [.. Enumerable.Repeat(new ModelOutput(Script, 10), Consolidated)], 0, [4, 1, 2, 3, 4]);
        ModelTransaction spending = BlockBytes.Transaction(
            1, [.. Enumerable.Range(0, Consolidated).Select(index => new OutPoint(funding.Txid, (uint)index))], [new ModelOutput([0x52], 10)], 0, []);
        blocks.Add(BlockBytes.Block(1, blocks.Count, blocks[^1].Hash, 0, [funding, spending]));
        fixture.ConnectAndPublish(blocks);

        using ChainView view = fixture.Index.AcquireView();
        view.TryGetHistory(ChainView.Resolve(ScriptHash.Of(Script)), maxEntries: 5, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
        history.ShouldBe([new HistoryEntry(funding.Txid, 21), new HistoryEntry(spending.Txid, 21)]);
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(3, 0)]
    public void A_raised_limit_is_refused_with_the_way_out(int made, int wanted)
    {
        using var fixture = new IndexFixture(pruningLimit: made);
        fixture.ConnectAndPublish(FundAndSpend(outputs: 1, spends: 0));
        fixture.Index.Dispose();
        string message = Should.Throw<IndexMismatchException>(() => ChainIndex.Open(fixture.Options with { PruningLimit = wanted })).Message;
        message.ShouldContain($"pruning_limit = {made}");
        message.ShouldContain("import again");
        fixture.Reopen();
    }

    /// <summary>A chain in which block 1..n fund one output each and the following blocks spend them, one a block.</summary>
    private static List<ModelBlock> FundAndSpend(int outputs, int spends)
    {
        var blocks = new List<ModelBlock>();
        var funded = new List<OutPoint>();
        ModelTransaction Coinbase(byte[] script) => BlockBytes.Transaction(
            1, [new OutPoint(Hash256.Zero, OutPoint.NullIndex)], [new ModelOutput(script, 10)], 0, [4, .. BitConverter.GetBytes(blocks.Count)]);
        void Add(params ModelTransaction[] transactions) =>
            blocks.Add(BlockBytes.Block(1, blocks.Count, blocks.Count == 0 ? Hash256.Zero : blocks[^1].Hash, 0, transactions));

        Add(Coinbase([0x51]));
        for (int i = 0; i < outputs; i++)
        {
            Add(Coinbase(Script));
            funded.Add(new OutPoint(blocks[^1].Transactions[0].Txid, 0));
        }

        for (int i = 0; i < spends; i++)
            Add(Coinbase([0x51]), BlockBytes.Transaction(1, [funded[i]], [new ModelOutput([0x52], 10)], 0, []));
        return blocks;
    }

    private static List<int> HeightsOf(ChainIndex index)
    {
        using ChainView view = index.AcquireView();
        view.TryGetHistory(ChainView.Resolve(ScriptHash.Of(Script)), 1000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
        return [.. history.Select(entry => entry.Height)];
    }

    private static int CountSpentRows(IndexFixture fixture)
    {
        fixture.Index.Dispose();
        int count = 0;
        using (IndexStore store = IndexStore.Open(fixture.Options))
        using (var read = new ReadOptions())
        using (Iterator rows = store.Scripts.NewIterator(read))
        {
            for (rows.SeekToFirst(); rows.Valid(); rows.Next())
            {
                if (ScriptTable.IsSpent(rows.KeySpan, out HashX script, out _) && script == HashX.OfScript(Script)) count++;
            }
        }

        return count;
    }
}
