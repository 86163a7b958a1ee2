// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>A simulated potcoind with both eras behind it, and a server for it.</summary>
public sealed class DevNodeFixture : IAsyncLifetime
{
    internal const int PruningLimit = 3;
    internal const int LastPowHeight = 70;

    private readonly TemporaryDevNode _node = new();
    private ServerProcess? _server;

    internal DevNode Node => _node.Node;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync(new DevNodeOptions { BlockCount = 160, LastPowHeight = LastPowHeight, UseClock = true });
        _server = _node.NewServer(PruningLimit);
        _server.Configuration["potcoind", "timeout"] = "3s";
        await _server.StartAsync();
        await SettleAsync();
    }

    /// <summary>Waits until the server shows chain and mempool of the node as they are now; the node must stand still.</summary>
    internal Task<NaiveIndex> SettleAsync() => _node.SettleAsync(Server, PruningLimit);

    /// <summary>Waits until the server has logged something with these words after the given length of its output.</summary>
    internal Task LogsAsync(string words, int after) =>
        Eventually.HoldsAsync(() => Server.Process.Output.IndexOf(words, after, StringComparison.Ordinal) >= 0);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await _node.DisposeAsync();
    }
}
