// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Snapshots;

/// <summary>Snapshots of a server at work, and servers that begin with one.</summary>
public sealed class OnlineSnapshotTests
{
    private const int PruningLimit = 3;

    [Fact]
    public async Task While_blocks_come_and_wallets_ask_a_copy_is_made_and_a_second_server_goes_on_from_it()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 160, LastPowHeight = 70, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        await server.StartAsync();
        await using ServerProcess second = node.NewServer(PruningLimit);
        string[] scripts = [.. (await node.SettleAsync(server, PruningLimit)).ScriptHashes];
        using var copies = new TemporaryFolder("snapshots");

        await using (var moving = new MovingChain(node.Node, new MovingChainOptions
        {
            BlockInterval = TimeSpan.FromMilliseconds(150), TransactionInterval = TimeSpan.FromMilliseconds(40), ReorgEvery = 0,
        }))
        {
            for (int i = 0; i < 3; i++)
            {
                int height = node.Node.Chain.Height;
                Task<(int ExitCode, string Output)> creating = server.CommandAsync("snapshot", "create", copies[$"{i}.tar"]);
                int answered = await AskUntilAsync(creating, server, scripts);
                (int code, string output) = await creating;

                code.ShouldBe(0, output);
                answered.ShouldBeGreaterThan(0);
                (int verified, string json) = await RunAsync("snapshot", "verify", "--json", copies[$"{i}.tar"]);
                verified.ShouldBe(0, json);
                using JsonDocument description = JsonDocument.Parse(json);
                description.RootElement.GetProperty("height").GetInt32().ShouldBeGreaterThanOrEqualTo(height - 5);
            }

            // While the chain moves on.
            (int restored, string said) = await second.CommandAsync("snapshot", "restore", copies["2.tar"]);
            restored.ShouldBe(0, said);
            moving.Running.IsCompleted.ShouldBeFalse();
        }

        await second.StartAsync();
        second.Process.Output.ShouldContain("/index, block ", customMessage: "it begins with what it has");
        foreach (ServerProcess either in new[] { server, second })
        {
            NaiveIndex index = await node.SettleAsync(either, PruningLimit);
            await using ElectrumClient client = await either.ConnectAsync();
            await client.ShouldAllMatchAsync(index, PruningLimit);
            Directory.EnumerateDirectories(either.DataFolder).Select(Path.GetFileName).ShouldBe(["index"]);
        }

        await second.StopAsync();
        await server.StopAsync();
    }

    [Fact]
    public async Task A_snapshot_of_another_chain_is_refused_and_the_import_takes_its_course()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 80, LastPowHeight = 40, Seed = 1, SlowWrites = false });
        await using var other = new TemporaryDevNode();
        await other.StartAsync(new DevNodeOptions { BlockCount = 90, LastPowHeight = 40, Seed = 2, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        await server.StartAsync();
        await using ServerProcess second = other.NewServer(PruningLimit);
        string copy = Path.Combine(server.Folder, "copy.tar");
        (await server.CommandAsync("snapshot", "create", copy)).ExitCode.ShouldBe(0);

        (int code, string output) = await second.CommandAsync("snapshot", "restore", copy);

        code.ShouldBe(3);
        output.ShouldContain("is not on the chain of the daemon");
        output.ShouldContain(other.Node.Chain.BlockAt(80).Hash.ToString());
        await second.StartAsync();
        await other.SettleAsync(second, PruningLimit);
    }

    [Fact]
    public async Task A_server_killed_while_it_makes_one_starts_as_if_nothing_had_been()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 80, LastPowHeight = 40, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        string copy = Path.Combine(server.Folder, "copy.tar");
        var random = new Random(7);
        for (int i = 0; i < 4; i++)
        {
            await server.StartAsync();
            Task<(int ExitCode, string Output)> creating = server.CommandAsync("snapshot", "create", copy);
            await Task.Delay(random.Next(100, 400), TestContext.Current.CancellationToken);
            await server.KillAsync();

            // It came too late for the command, found the server stopped, or broke it off: then there is no file at all.
            (int code, string output) = await creating;
            File.Exists(copy + ".part").ShouldBeFalse();
            File.Exists(copy).ShouldBe(code == 0, output);
            if (code == 0) (await RunAsync("snapshot", "verify", copy)).ExitCode.ShouldBe(0);
            File.Delete(copy);
        }

        await server.StartAsync();
        await node.SettleAsync(server, PruningLimit);
        Directory.EnumerateFileSystemEntries(server.DataFolder).Select(Path.GetFileName).ShouldNotContain(name => name!.StartsWith("index.", StringComparison.Ordinal));
        (await server.CommandAsync("snapshot", "create", copy)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_restore_that_is_killed_leaves_nothing_that_is_used()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 80, LastPowHeight = 40, SlowWrites = false });
        await using ServerProcess server = node.NewServer(PruningLimit);
        await server.StartAsync();
        string copy = Path.Combine(server.Folder, "copy.tar");
        (await server.CommandAsync("snapshot", "create", copy)).ExitCode.ShouldBe(0);
        await using var host = new FileHost(copy) { StandsStill = true };
        await using ServerProcess second = node.NewServer(PruningLimit);
        await second.CommandAsync("snapshot", "offer");

        await using (ChildProcess restoring = ChildProcess.Start(
            ServerProcess.Executable, ["snapshot", "restore", host.Address, "--config", second.ConfigurationFile], "Build the solution first: scripts/setup does it."))
        {
            await Eventually.HoldsAsync(() => host.Standing == 1 && Directory.Exists(Path.Combine(second.DataFolder, "index.restoring")));
            // A server does not begin an import that the snapshot would find in its place.
            second.Launch();
            (await second.Process.WaitForExitAsync()).ShouldBe(3, second.Process.Output);
            second.Process.Output.ShouldContain("A snapshot is being restored");
            await restoring.KillAsync();
        }

        Directory.Exists(Path.Combine(second.DataFolder, "index")).ShouldBeFalse();
        host.StandsStill = false;
        (int code, string output) = await second.CommandAsync("snapshot", "restore", host.Address);
        code.ShouldBe(0, output);
        await second.StartAsync();
        await node.SettleAsync(second, PruningLimit);
        Directory.EnumerateDirectories(second.DataFolder).Select(Path.GetFileName).ShouldBe(["index"]);
    }

    /// <summary>As a wallet: one question after the other, none of which may take long.</summary>
    private static async Task<int> AskUntilAsync(Task end, ServerProcess server, string[] scripts)
    {
        await using ElectrumClient client = await server.ConnectAsync();
        int answered = 0;
        while (!end.IsCompleted)
        {
            long began = Stopwatch.GetTimestamp();
            await client.CallAsync("blockchain.scripthash.get_history", scripts[answered % scripts.Length]);
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            answered++;
        }

        return answered;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using ChildProcess command = ChildProcess.Start(ServerProcess.Executable, arguments, "Build the solution first: scripts/setup does it.");
        int code = await command.WaitForExitAsync();
        await command.Ended;
        return (code, command.Output);
    }
}
