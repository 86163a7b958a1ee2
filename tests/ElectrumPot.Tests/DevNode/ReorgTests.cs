// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>The mempool and what a reorganisation does to it and to the chain.</summary>
public sealed class ReorgTests
{
    private static readonly DevNodeOptions Small = new()
    {
        BlockCount = 45, LastPowHeight = 30, LargeBlockTransactions = 0, SlowWrites = false,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 3)]
    [InlineData(20, 21)]
    public async Task After_a_reorg_chain_and_unspent_outputs_are_those_of_the_active_blocks(int depth, int newBlocks)
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        for (int i = 0; i < 5; i++)
        {
            node.AddRandomTransactions(6);
            node.MineBlock();
        }

        node.AddRandomTransactions(4);
        int height = node.Chain.Height;
        IReadOnlyList<DevBlock> stale = node.Reorg(depth, newBlocks);

        stale.Count.ShouldBe(depth);
        node.Chain.Height.ShouldBe(height - depth + newBlocks);
        stale.ShouldAllBe(block => !node.Chain.IsActive(block) && node.Chain.FindBlock(block.Hash) == block);
        ShouldBeConsistent(node);

        // Life goes on: everything that waits is valid and finds its block.
        node.AddRandomTransactions(5);
        node.MineBlocks(3);
        ShouldBeConsistent(node);
    }

    [Fact]
    public async Task Disconnected_transactions_return_to_the_mempool_and_conflicting_ones_are_gone()
    {
        await using DevNode node = await DevNode.StartAsync(Small with { Seed = 3 }, Cancellation);
        List<Hash256> mined = [];
        for (int i = 0; i < 3; i++)
        {
            mined.AddRange(node.AddRandomTransactions(8).Select(transaction => transaction.Txid));
            node.MineBlock();
        }

        node.Reorg(3, 4, conflicts: 3);

        var confirmed = node.Chain.Blocks.SelectMany(block => block.Transactions).Select(transaction => transaction.Txid).ToHashSet();
        var waiting = node.Mempool.Entries.Select(entry => entry.Transaction.Txid).ToHashSet();
        mined.Count(confirmed.Contains).ShouldBeGreaterThan(0);
        mined.Count(waiting.Contains).ShouldBeGreaterThan(0);
        mined.Count(txid => !confirmed.Contains(txid) && !waiting.Contains(txid)).ShouldBeGreaterThan(0);
        ShouldBeConsistent(node);
    }

    [Fact]
    public async Task Stale_blocks_and_transactions_are_still_answered_as_each_version_does()
    {
        foreach ((DevNodeVersion version, int confirmations) in new[] { (DevNodeVersion.Pow0864, 0), (DevNodeVersion.Posv0872, -1), (DevNodeVersion.Og0950, -1) })
        {
            await using DevNode node = await DevNode.StartAsync(Small with { Version = version }, Cancellation);
            DevBlock stale = node.Reorg(1, 2)[0];
            RawReply verbose = await RawHttp.CallAsync(node, "getblock", $"[\"{stale.Hash}\"]", Cancellation);
            verbose.Json.GetProperty("result").GetProperty("confirmations").GetInt32().ShouldBe(confirmations);
            verbose.Json.GetProperty("result").TryGetProperty("nextblockhash", out _).ShouldBeFalse();
            RawReply raw = await RawHttp.CallAsync(node, "getblock", $"[\"{stale.Hash}\", false]", Cancellation);
            raw.Json.GetProperty("result").GetString().ShouldBe(Convert.ToHexStringLower(stale.Raw));

            DevTransaction reward = stale.Transactions[version == DevNodeVersion.Pow0864 ? 0 : 1];
            RawReply transaction = await RawHttp.CallAsync(node, "getrawtransaction", $"[\"{reward.Txid}\", 1]", Cancellation);
            transaction.Json.GetProperty("result").GetProperty("blockhash").GetString().ShouldBe(stale.Hash.ToString());
            transaction.Json.GetProperty("result").GetProperty("confirmations").GetInt32().ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_mempool_chain_is_mined_together_and_leaves_the_mempool()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        SpendRecipe recipe = SpendRecipe.PublicKeyHash(node.Keys[800]);
        DevTransaction parent = node.PayToScript(recipe.Script, 1_000_000_000);
        List<DevTransaction> chain = [parent];
        for (int i = 1; i <= 5; i++)
        {
            DevTransaction child = new DevTransaction(
                4, [new TxInput(new OutPoint(chain[^1].Txid, 0), [])], [new TxOutput(1_000_000_000 - (i * 100_000), recipe.Script)], 0, parent.Time + (uint)i)
                .SignedWith([recipe]);
            node.SubmitTransaction(child.Raw, out Hash256 txid).ShouldBe(TransactionRefusal.None);
            txid.ShouldBe(child.Txid);
            chain.Add(child);
        }

        node.Mempool.SpenderOf(new OutPoint(parent.Txid, 0)).ShouldBe(chain[1].Txid);
        DevBlock block = node.MineBlock();
        block.Transactions.Skip(2).Select(transaction => transaction.Txid).ShouldBe(chain.Select(transaction => transaction.Txid));
        node.Mempool.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_moving_chain_grows_reorganises_and_stops()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        int height = node.Chain.Height;
        var options = new MovingChainOptions
        {
            BlockInterval = TimeSpan.FromMilliseconds(10), TransactionInterval = TimeSpan.FromMilliseconds(10), ReorgEvery = 4,
        };
        HashSet<Hash256> tips = [];
        var moving = new MovingChain(node, options);
        await using (moving)
        {
            while (node.Chain.Height < height + 15)
            {
                tips.Add(node.Chain.Tip.Hash);
                moving.Running.IsFaulted.ShouldBeFalse();
                await Task.Delay(5, Cancellation);
            }
        }

        DevBlock last = node.Chain.Tip;
        moving.Running.IsCompletedSuccessfully.ShouldBeTrue();
        tips.ShouldContain(tip => !node.Chain.IsActive(node.Chain.FindBlock(tip)!));
        node.Chain.Tip.ShouldBeSameAs(last);
        ShouldBeConsistent(node);
    }

    [Fact]
    public async Task With_the_clock_on_the_chain_ends_now()
    {
        await using DevNode node = await DevNode.StartAsync(Small with { UseClock = true }, Cancellation);
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        ((long)node.Chain.Tip.Header.Time).ShouldBeInRange(now - 1800, now + 600);
        node.AddRandomTransactions(3).Count.ShouldBe(3);
        node.MineBlocks(4);
        node.Mempool.Count.ShouldBe(0);
        ShouldBeConsistent(node);
    }

    /// <summary>Recomputes the unspent outputs from the blocks, and checks that the mempool could be mined in its order.</summary>
    private static void ShouldBeConsistent(DevNode node)
    {
        var unspent = new Dictionary<OutPoint, TxOutput>();
        IReadOnlyList<DevBlock> blocks = node.Chain.Blocks;
        for (int height = 1; height < blocks.Count; height++)
        {
            blocks[height].Header.PreviousHash.ShouldBe(blocks[height - 1].Hash);
            foreach (DevTransaction transaction in blocks[height].Transactions)
                Apply(transaction, unspent);
        }

        node.Chain.UnspentOutputs.Select(output => output.OutPoint).ShouldBe(
            unspent.Where(pair => pair.Value.Script is not ([] or [0x6a, ..])).Select(pair => pair.Key), ignoreOrder: true);
        foreach (MempoolEntry entry in node.Mempool.Entries)
            Apply(entry.Transaction, unspent);
    }

    private static void Apply(DevTransaction transaction, Dictionary<OutPoint, TxOutput> unspent)
    {
        foreach (TxInput input in transaction.Inputs.Where(_ => !transaction.IsCoinbase))
            unspent.Remove(input.PreviousOutput).ShouldBeTrue();
        for (int i = 0; i < transaction.Outputs.Count; i++)
            unspent[new OutPoint(transaction.Txid, (uint)i)] = transaction.Outputs[i];
    }
}
