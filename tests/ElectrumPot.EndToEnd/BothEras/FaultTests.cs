// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>A daemon in trouble: wallets are served from what there is, the operator is told, and afterwards everything is right.</summary>
public sealed class FaultTests(DevNodeFixture fixture) : IClassFixture<DevNodeFixture>
{
    [Theory]
    [InlineData(nameof(Faults.RefuseConnections), "cannot be reached")]
    [InlineData(nameof(Faults.SafeMode), "Safe mode")]
    [InlineData(nameof(Faults.TruncateReply), "WRN")]
    [InlineData(nameof(Faults.DropConnectionAfterBytes), "WRN")]
    [InlineData(nameof(Faults.WrongBlock), "WRN")]
    [InlineData(nameof(Faults.Hang), "WRN")]
    public async Task Wallets_are_served_through_it_and_nothing_is_wrong_after_it(string trouble, string logged)
    {
        NaiveIndex before = await fixture.SettleAsync();
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");
        int output = fixture.Server.Process.Output.Length;

        Switch(fixture.Node.Faults, trouble, on: true);
        fixture.Node.AddRandomTransactions(4);
        fixture.Node.MineBlocks(2);
        await fixture.LogsAsync(logged, output);
        await client.HeadersShouldMatchAsync(before);
        await client.HistoriesShouldMatchAsync(before, DevNodeFixture.PruningLimit, MempoolFree(before).Take(10));
        Switch(fixture.Node.Faults, trouble, on: false);

        NaiveIndex after = await fixture.SettleAsync();
        await client.ShouldAllMatchAsync(after, DevNodeFixture.PruningLimit);
        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task A_transaction_that_vanishes_between_list_and_question_holds_up_no_block()
    {
        await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");

        fixture.Node.Faults.MempoolTransactionVanishes = true;
        fixture.Node.AddRandomTransactions(4);
        fixture.Node.MineBlocks(2);
        int height = fixture.Node.Chain.Height;
        await client.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() == height);
        fixture.Node.Faults.MempoolTransactionVanishes = false;

        await client.ShouldAllMatchAsync(await fixture.SettleAsync(), DevNodeFixture.PruningLimit);
    }

    [Fact]
    public async Task A_daemon_that_rebuilds_its_index_is_waited_for_and_not_followed_down()
    {
        NaiveIndex before = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");

        int output = fixture.Server.Process.Output.Length;

        fixture.Node.Faults.Reindexing(fromHeight: 0);
        await fixture.LogsAsync("behind the index on the same chain", output);
        await client.HeadersShouldMatchAsync(before);
        fixture.Node.Faults.AdvanceReindex(50);
        fixture.Node.Faults.EndReindex();
        fixture.Node.MineBlocks(1);

        NaiveIndex after = await fixture.SettleAsync();
        await client.ShouldAllMatchAsync(after, DevNodeFixture.PruningLimit);
        client.Notifications.Where(notification => notification.Method == "blockchain.headers.subscribe")
            .ShouldAllBe(notification => notification.Parameters[0].GetProperty("height").GetInt32() > before.Height);
    }

    [Fact]
    public async Task Slow_replies_slow_down_nothing_that_is_stored()
    {
        NaiveIndex index = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        fixture.Node.Faults.DelayReplies = TimeSpan.FromSeconds(2);
        try
        {
            var clock = Stopwatch.StartNew();
            await client.HistoriesShouldMatchAsync(index, DevNodeFixture.PruningLimit, index.ScriptHashes.Take(50));
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        }
        finally
        {
            fixture.Node.Faults.DelayReplies = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task A_daemon_of_another_network_is_refused_at_the_start()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 5 });
        node.Node.Faults.WrongGenesis = true;
        await using ServerProcess server = node.NewServer(pruningLimit: 100);

        server.Launch();

        (await server.Process.WaitForExitAsync()).ShouldBe(3);
        server.Process.Output.ShouldContain("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec");
    }

    [Fact]
    public async Task An_import_through_all_kinds_of_trouble_ends_with_the_right_index()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 300, LastPowHeight = 150, Seed = 11 });
        await using ServerProcess server = node.NewServer(pruningLimit: 2);
        server.Launch();
        foreach (string trouble in new[] { nameof(Faults.RefuseConnections), nameof(Faults.DropConnectionAfterBytes), nameof(Faults.TruncateReply), nameof(Faults.WrongBlock) })
        {
            int connections = node.Node.ConnectionsAccepted;
            Switch(node.Node.Faults, trouble, on: true);
            if (trouble == nameof(Faults.RefuseConnections))
                await Eventually.HoldsAsync(() => server.Process.Output.Contains("cannot be reached", StringComparison.Ordinal));
            else
                await Eventually.HoldsAsync(() => node.Node.ConnectionsAccepted > connections || server.Process.Output.Contains("caught up", StringComparison.Ordinal));
            Switch(node.Node.Faults, trouble, on: false);
        }

        await server.AcceptsClientsAsync();
        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 2);
        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, pruningLimit: 2);
    }

    /// <summary>Scripts whose history a lost mempool does not change.</summary>
    private static IEnumerable<string> MempoolFree(NaiveIndex index) =>
        index.ScriptHashes.Where(script => index.History(DevNodeFixture.PruningLimit, script).Mempool.Count == 0);

    private static void Switch(Faults faults, string trouble, bool on)
    {
        switch (trouble)
        {
            case nameof(Faults.RefuseConnections):
                faults.RefuseConnections = on;
                break;
            case nameof(Faults.SafeMode):
                faults.SafeMode = on ? "Warning: Displayed transactions may not be correct!" : null;
                break;
            case nameof(Faults.TruncateReply):
                faults.TruncateReply = on ? 100 : null;
                break;
            case nameof(Faults.DropConnectionAfterBytes):
                faults.DropConnectionAfterBytes = on ? 300 : null;
                break;
            case nameof(Faults.WrongBlock):
                faults.WrongBlock = on;
                break;
            case nameof(Faults.Hang):
                faults.Hang = on;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No such trouble.");
        }
    }
}
