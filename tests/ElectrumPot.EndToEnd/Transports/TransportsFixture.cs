// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Transports;

/// <summary>One server for all of its tests, which mine and therefore run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class TransportsTests : ICollectionFixture<TransportsFixture>
{
    public const string Name = "transports";
}

/// <summary>A simulated potcoind, and a server that serves all transports.</summary>
public sealed class TransportsFixture : IAsyncLifetime
{
    private readonly TemporaryDevNode _node = new();
    private ServerProcess? _server;

    internal DevNode Node => _node.Node;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync(new DevNodeOptions { BlockCount = 160, LastPowHeight = 70, UseClock = true });
        _server = NewServer();
        await _server.StartAsync();
    }

    /// <summary>Another server for the same node, not started.</summary>
    internal ServerProcess NewServer()
    {
        ServerProcess server = _node.NewServer(pruningLimit: 100);
        foreach (string key in new[] { "websocket_port", "websocket_ssl_port", "stratum_http_port", "stratum_http_ssl_port" })
            server.Configuration["server", key] = FreePort.Next();
        return server;
    }

    internal static string Url(ServerProcess server, string scheme) => $"{scheme}://127.0.0.1:{server.Configuration["server", Key(scheme)]}/";

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    private static string Key(string scheme) => scheme switch
    {
        "ws" => "websocket_port",
        "wss" => "websocket_ssl_port",
        "http" => "stratum_http_port",
        _ => "stratum_http_ssl_port",
    };
}
