// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Operation;

/// <summary>The database as an operator meets it: looked at, verified, taken back, with another limit, after a deep reorganisation.</summary>
public sealed class DatabaseTests
{
    private const int ReorgLimit = 10;

    [Fact]
    public async Task A_running_server_keeps_its_database_to_itself_and_a_stopped_one_lets_it_be_examined_and_taken_back()
    {
        await using var node = new TemporaryDevNode();
        await using ServerProcess server = await StartAsync(node, pruningLimit: 3);

        foreach (string[] command in new[] { new[] { "db", "info" }, ["db", "verify"], ["db", "rewind", "1"] })
        {
            (int busy, string refusal) = await server.CommandAsync(command);
            busy.ShouldBe(3);
            refusal.ShouldContain("is used by another process; stop the");
        }

        await using (ElectrumClient wallet = await server.ConnectAsync())
            (await wallet.CallAsync("blockchain.headers.subscribe")).GetProperty("height").GetInt32().ShouldBe(node.Node.Chain.Height);

        await server.StopAsync();
        using (JsonDocument info = JsonDocument.Parse((await server.CommandAsync("db", "info", "--json")).Output))
        {
            info.RootElement.GetProperty("height").GetInt32().ShouldBe(node.Node.Chain.Height);
            info.RootElement.GetProperty("hash").GetString().ShouldBe(node.Node.Chain.Tip.Hash.ToString());
            info.RootElement.GetProperty("undoable_blocks").GetInt32().ShouldBe(ReorgLimit);
        }

        (int verified, string report) = await server.CommandAsync("db", "verify");
        verified.ShouldBe(0, report);
        report.ShouldContain($"{ReorgLimit} blocks can be undone");

        (int rewound, string tip) = await server.CommandAsync("db", "rewind", "7");
        rewound.ShouldBe(0, tip);
        int height = node.Node.Chain.Height - 7;
        tip.ShouldContain($"block {height} {node.Node.Chain.BlockAt(height).Hash}");
        (int refused, string limit) = await server.CommandAsync("db", "rewind", "4");
        refused.ShouldBe(2);
        limit.ShouldContain($"there are undo data for 3, which leads to block {height - 3}");
        (await server.CommandAsync("db", "verify")).ExitCode.ShouldBe(0);

        await server.StartAsync();
        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 3);
        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, pruningLimit: 3);
    }

    [Fact]
    public async Task A_lowered_limit_takes_effect_at_the_next_start_though_it_is_killed_while_it_cleans()
    {
        await using var node = new TemporaryDevNode();
        await using ServerProcess server = await StartAsync(node, pruningLimit: 0);
        await server.StopAsync();
        server.Configuration["rocksdb", "pruning_limit"] = 1;
        var random = new Random(3);
        // The first kill comes before it begins; the work may be done before the last.
        for (int kill = 0; kill < 3 && await IsUncleanAsync(server); kill++)
        {
            server.Launch();
            if (kill > 0) await Eventually.HoldsAsync(() => server.Process.Output.Contains("removing history", StringComparison.Ordinal));
            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            await server.KillAsync();
            (int code, string report) = await server.CommandAsync("db", "verify");
            code.ShouldBe(0, report);
        }

        await server.StartAsync();
        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 1);
        await using (ElectrumClient client = await server.ConnectAsync())
            await client.ShouldAllMatchAsync(index, pruningLimit: 1);
        server.Process.Output.ShouldNotContain("importing blocks");
        await server.StopAsync();
        (await IsUncleanAsync(server)).ShouldBeFalse();

        // And back it cannot go.
        server.Configuration["rocksdb", "pruning_limit"] = 2;
        server.Launch();
        (await server.Process.WaitForExitAsync()).ShouldBe(2);
        server.Process.Output.ShouldContain("pruning_limit = 2, but the database");
        server.Process.Output.ShouldContain($"rm -r {Path.Combine(server.DataFolder, "index")} && electrum-pot-server run --config {server.ConfigurationFile}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reorganisation_beyond_the_undo_data_survives_kills_and_ends_with_the_right_answers(bool hasStaleBlocks)
    {
        await using var node = new TemporaryDevNode();
        await using ServerProcess server = await StartAsync(node, pruningLimit: 0);
        node.Node.Faults.HasNoStaleBlocks = !hasStaleBlocks;
        node.Node.Faults.DelayReplies = TimeSpan.FromMilliseconds(2);
        node.Node.Reorg(200, 202);
        for (int kill = 0; kill < 3; kill++)
        {
            if (kill > 0) server.Launch();
            await Eventually.HoldsAsync(() => server.Process.Output.Contains("left our chain at block", StringComparison.Ordinal)
                || server.Process.Output.Contains("importing blocks", StringComparison.Ordinal)
                || (kill > 0 && server.Process.Output.Contains("listening on", StringComparison.Ordinal)));
            await Task.Delay(150, TestContext.Current.CancellationToken);
            await server.KillAsync();
            (int code, string report) = await server.CommandAsync("db", "verify");
            code.ShouldBe(0, report);
        }

        node.Node.Faults.DelayReplies = TimeSpan.Zero;
        await server.StartAsync();
        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 0);
        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, pruningLimit: 0);
    }

    /// <summary>The lower limit has not been taken over, or what it leaves out is still there.</summary>
    private static async Task<bool> IsUncleanAsync(ServerProcess server)
    {
        using JsonDocument info = JsonDocument.Parse((await server.CommandAsync("db", "info", "--json")).Output);
        return info.RootElement.GetProperty("pruning_due").GetBoolean() || info.RootElement.GetProperty("pruning_limit").GetInt32() != 1;
    }

    private static async Task<ServerProcess> StartAsync(TemporaryDevNode node, int pruningLimit)
    {
        await node.StartAsync(new DevNodeOptions { BlockCount = 300, LastPowHeight = 120, SlowWrites = false });
        ServerProcess server = node.NewServer(pruningLimit);
        server.Configuration["rocksdb", "reorg_limit"] = ReorgLimit;
        await server.StartAsync();
        await node.SettleAsync(server, pruningLimit);
        return server;
    }
}
