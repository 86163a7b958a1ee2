// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>Potcoin's own chain: proof of work, then proof of stake with all that is odd about it.</summary>
public sealed class BothErasTests(DevNodeFixture fixture) : IClassFixture<DevNodeFixture>
{
    private const byte AddressVersion = 55;
    private const byte ScriptVersion = 5;

    [Fact]
    public async Task The_chain_of_both_eras_is_answered_as_the_model_answers_it()
    {
        NaiveIndex index = await fixture.SettleAsync();
        index.Blocks.Select(block => block.Transactions.Count > 1 && block.Transactions[1].Outputs[0].Script.Length == 0)
            .Distinct().Count().ShouldBe(2, "the chain must have blocks of both eras");

        await using ElectrumClient client = await fixture.Server.ConnectAsync();

        await client.ShouldAllMatchAsync(index, DevNodeFixture.PruningLimit);
    }

    [Fact]
    public async Task Every_address_gathers_what_was_paid_to_its_key_and_to_its_key_hash()
    {
        NaiveIndex index = await fixture.SettleAsync();
        var addresses = NaiveAddress.Group(index.Scripts, AddressVersion, ScriptVersion);
        addresses.Values.ShouldContain(scripts => scripts.Length > 1, "staking pays the key itself");
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");

        await client.AddressesShouldMatchAsync(index, DevNodeFixture.PruningLimit, addresses);
    }

    [Fact]
    public async Task A_coinbase_that_occurs_in_several_blocks_is_proved_in_each_of_them()
    {
        NaiveIndex index = await fixture.SettleAsync();
        var twins = index.Blocks.Index()
            .GroupBy(block => block.Item.Transactions[0].Txid, block => block.Index)
            .Where(heights => heights.Count() > 1)
            .ToArray();
        twins.ShouldNotBeEmpty("the simulation makes blocks of the same second");
        await using ElectrumClient client = await fixture.Server.ConnectAsync();

        foreach (IGrouping<string, int> twin in twins)
        {
            foreach (int height in twin)
            {
                var proof = await client.CallAsync("blockchain.transaction.get_merkle", twin.Key, height);
                string[] leaves = [.. index.Blocks[height].Transactions.Select(leaf => leaf.Txid)];
                proof.GetProperty("pos").GetInt32().ShouldBe(0);
                proof.GetProperty("merkle").EnumerateArray().Select(hash => hash.GetString()!).ShouldBe(NaiveMerkle.Prove(leaves, 0).Branch);
            }

            (await client.CallAsync("blockchain.transaction.get", twin.Key)).GetString()
                .ShouldBe(index.Blocks[twin.First()].Transactions[0].Raw);
        }
    }

    [Fact]
    public async Task Blocks_payments_and_reorganisations_are_followed()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        for (int round = 0; round < 8; round++)
        {
            fixture.Node.AddRandomTransactions(6);
            if (round % 2 == 0) fixture.Node.MineBlocks(1 + round);
            else fixture.Node.Reorg(depth: round, newBlocks: round + (round % 3), conflicts: 2);
            fixture.Node.AddRandomTransactions(2);

            NaiveIndex index = await fixture.SettleAsync();

            await client.ShouldAllMatchAsync(index, DevNodeFixture.PruningLimit);
        }
    }

    [Fact]
    public async Task A_reorganisation_across_the_end_of_proof_of_work_is_followed()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 100, LastPowHeight = 90, Seed = 7 });
        await using ServerProcess server = node.NewServer(pruningLimit: 1);
        await server.StartAsync();
        await node.SettleAsync(server, pruningLimit: 1);

        node.Node.Reorg(depth: 20, newBlocks: 24, conflicts: 4);

        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 1);
        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, pruningLimit: 1);
    }

    [Theory]
    [InlineData(DevNodeVersion.Pow0864, 0)]
    [InlineData(DevNodeVersion.Og0950, 100)]
    public async Task The_other_versions_of_the_daemon_serve_as_well(DevNodeVersion version, int pruningLimit)
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { Version = version, BlockCount = 120, LastPowHeight = 60, Seed = 3 });
        await using ServerProcess server = node.NewServer(pruningLimit);
        await server.StartAsync();
        node.Node.AddRandomTransactions(5);

        NaiveIndex index = await node.SettleAsync(server, pruningLimit);

        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, pruningLimit);
        await server.StopAsync();
    }

    [Fact]
    public async Task While_the_chain_moves_every_history_belongs_to_its_announced_status()
    {
        NaiveIndex index = await fixture.SettleAsync();
        string[] scripts = [.. index.ScriptHashes.OrderByDescending(script => index.History(0, script).All.Count).Take(20)];
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallManyAsync("blockchain.scripthash.subscribe", scripts.Select(script => new object?[] { script }));

        var options = new MovingChainOptions
        {
            BlockInterval = TimeSpan.FromMilliseconds(150),
            TransactionInterval = TimeSpan.FromMilliseconds(40),
            ReorgEvery = 6,
        };
        await using (var moving = new MovingChain(fixture.Node, options))
        {
            int height = fixture.Node.Chain.Height;
            int read = 0;
            while (fixture.Node.Chain.Height < height + 20)
            {
                moving.Running.IsCompleted.ShouldBeFalse();
                Notification announced = await client.WaitForAsync(_ => true, read++);
                string script = announced.Parameters[0].GetString()!;
                string? status = StatusOf(Answers.Answers.Entries(await client.CallAsync("blockchain.scripthash.get_history", script)));
                // The list is that of the announced status, or of a newer one, which then is announced as well.
                if (status != announced.Parameters[1].GetString()) await client.WaitForStatusAsync(script, status, read - 1);
            }
        }

        index = await fixture.SettleAsync();
        await client.ShouldAllMatchAsync(index, DevNodeFixture.PruningLimit);
    }

    private static string? StatusOf(IEnumerable<NaiveEntry> entries) => NaiveHistory.StatusOf(entries.Select(entry => (entry.Txid, entry.Height)));
}
