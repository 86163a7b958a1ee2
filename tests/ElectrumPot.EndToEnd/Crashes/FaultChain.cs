// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Crashes;

[CollectionDefinition(nameof(FaultChain))]
public sealed class FaultCollection : ICollectionFixture<FaultChain>;

/// <summary>A node, the store that nothing happens to, and servers whose disk fails.</summary>
public sealed class FaultChain : IAsyncLifetime
{
    /// <summary>What the process tells a supervisor about the disk.</summary>
    public const int StorageExitCode = 4;

    private const int Blocks = 1_500;

    private readonly TemporaryDevNode _node = new();
    private ReferenceStore? _reference;

    internal DevNode Node => _node.Node;

    internal ReferenceStore Reference => _reference!;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync(new DevNodeOptions { BlockCount = Blocks, LastPowHeight = Blocks / 2, Seed = 77, SlowWrites = false });
        _reference = new ReferenceStore(Node);
    }

    internal Victim NewVictim() => new(_node, pruningLimit: 10, storesTransactions: true) { HighestTip = Node.Chain.Height };

    /// <summary>The server has ended by itself, with the exit code for the disk, and these words in its one line of error.</summary>
    internal static async Task<string> ShouldStopForTheDiskAsync(Victim victim, params string[] words)
    {
        int code = await victim.Server.Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        await victim.Server.Process.Ended;
        string output = victim.Server.Process.Output;
        code.ShouldBe(StorageExitCode, output);
        string error = output.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).ShouldHaveSingleItem(output);
        error.ShouldContain(victim.IndexFolder);
        foreach (string word in words) error.ShouldContain(word);
        return error;
    }

    /// <summary>Started again it serves, follows, and ends up like a store that nothing has happened to.</summary>
    internal async Task ShouldRecoverAsync(Victim victim)
    {
        victim.Launch();
        Node.AddRandomTransactions(10);
        Node.MineBlocks(2);
        victim.HighestTip = Math.Max(victim.HighestTip, Node.Chain.Height);
        await victim.ReachesAsync(Node.Chain.Tip.Hash);
        await victim.Server.StopAsync();
        Reference.ShouldEqual(victim).Height.ShouldBe(Node.Chain.Height);
    }

    /// <summary>Mines until the server has had enough.</summary>
    internal async Task MineUntilItStopsAsync(Victim victim) => await Eventually.BecomesAsync(
        () =>
        {
            Node.AddRandomTransactions(20);
            Node.MineBlock();
            victim.HighestTip = Math.Max(victim.HighestTip, Node.Chain.Height);
            return Task.FromResult(victim.Server.Process.HasExited);
        },
        static hasExited => hasExited,
        TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        _reference?.Dispose();
        await _node.DisposeAsync();
    }
}
