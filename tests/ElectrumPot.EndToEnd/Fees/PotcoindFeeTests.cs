// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Fees;

/// <summary>A potcoind of 2015 has no estimates and tells no relay fee: everything comes from blocks, mempool and coin.</summary>
public sealed class PotcoindFeeTests
{
    private const int PruningLimit = 100;
    private const int MaxBlockSize = 20_000;
    private const int UsableBytes = 4500;
    private const decimal RelayFee = 0.001m;

    [Fact]
    public async Task Estimates_follow_backlog_and_full_blocks_and_survive_a_restart()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 40, LastPowHeight = 20, LargeBlockTransactions = 0, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        SmallBlocks.Define(server, MaxBlockSize, SmallBlocks.Potcoin);
        await server.StartAsync();
        await EstimatesBecomeAsync(server, rates => rates.All(rate => rate == RelayFee));

        node.Node.AddRandomTransactions(30);
        decimal[] expected = [.. Targets.Select(target => NeededForBacklog(node.Node, target))];
        expected[0].ShouldBeGreaterThan(expected[1]);
        expected[1].ShouldBeGreaterThan(RelayFee);
        expected[^1].ShouldBe(RelayFee);
        await EstimatesBecomeAsync(server, rates => rates.SequenceEqual(expected));

        for (int i = 0; i < 20; i++)
        {
            node.Node.MineBlock();
            node.Node.AddRandomTransactions(20);
        }

        node.Node.MineBlock();
        await node.SettleAsync(server, PruningLimit);
        // No backlog any more, but many of the blocks have been full.
        decimal[] after = await EstimatesBecomeAsync(server, rates => rates[0] > RelayFee && rates[^1] == RelayFee);

        await server.StopAsync();
        await server.StartAsync();
        await EstimatesBecomeAsync(server, rates => rates.SequenceEqual(after));
    }

    [Fact]
    public async Task The_relay_fee_is_the_coins_and_fills_all_three_members_of_the_mempool_info()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 20, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        SmallBlocks.Define(server, MaxBlockSize * 100, SmallBlocks.Potcoin);
        server.Configuration["coin:small", "relay_fee"] = "0.002";
        await server.StartAsync();
        await using ElectrumClient client = await server.ConnectAsync();

        (await client.CallAsync("blockchain.relayfee")).GetDecimal().ShouldBe(0.002m);
        (await client.CallAsync("mempool.get_info")).EnumerateObject().Select(member => (member.Name, member.Value.GetDecimal())).ShouldBe(
            [("mempoolminfee", 0.002m), ("minrelaytxfee", 0.002m), ("incrementalrelayfee", 0.002m)], ignoreOrder: true);
    }

    private static int[] Targets { get; } = [1, 2, 10, 25, 144];

    /// <summary>Polls until the estimates are as expected: a changed mempool counts after some seconds.</summary>
    private static async Task<decimal[]> EstimatesBecomeAsync(ServerProcess server, Func<decimal[], bool> condition)
    {
        await using ElectrumClient client = await server.ConnectAsync();
        return await Eventually.BecomesAsync(
            async () =>
            {
                var answers = await client.CallManyAsync("blockchain.estimatefee", Targets.Select(target => new object?[] { target }).ToArray());
                decimal[] rates = [.. answers.Select(answer => answer.GetDecimal())];
                rates.ShouldBeInOrder(SortDirection.Descending);
                return rates;
            },
            condition);
    }

    /// <summary>The rate of the last transaction that fits into the blocks of the target, or the relay fee when all fit.</summary>
    private static decimal NeededForBacklog(DevNode node, int target)
    {
        var waiting = node.Mempool.Entries
            .Select(entry => (Rate: entry.Fee * 1000 / entry.Transaction.Raw.Length, Size: entry.Transaction.Raw.Length))
            .OrderByDescending(entry => entry.Rate).ToList();
        int size = 0;
        int fitting = waiting.TakeWhile(entry => (size += entry.Size) <= target * UsableBytes).Count();
        return fitting == waiting.Count ? RelayFee : Math.Max(RelayFee, waiting[Math.Max(0, fitting - 1)].Rate / 100_000_000m);
    }
}
