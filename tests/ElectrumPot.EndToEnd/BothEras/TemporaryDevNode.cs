// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>A simulated potcoind in the test process, read by the naive model over its RPC like any other node.</summary>
internal sealed class TemporaryDevNode : IAsyncDisposable
{
    private DevNode? _node;
    private NodeRpc? _rpc;
    private NaiveChain? _chain;

    public DevNode Node => _node ?? throw new InvalidOperationException("The node was not started.");

    public async Task StartAsync(DevNodeOptions options)
    {
        _node = await DevNode.StartAsync(options, TestContext.Current.CancellationToken);
        _rpc = new NodeRpc(_node.Port, options.User, options.Password);
        _chain = new NaiveChain(_rpc, NaiveFormat.Potcoin);
    }

    /// <summary>A server for it, not started.</summary>
    public ServerProcess NewServer(int pruningLimit) =>
        ServerProcess.For("potcoin", Node.Port, Node.Options.User, Node.Options.Password, pruningLimit);

    public Task<NaiveIndex> ModelAsync() => _chain!.ReadAsync();

    /// <summary>Waits until the server shows everything as the model does, scripts first, for they change last.</summary>
    public async Task<NaiveIndex> SettleAsync(ServerProcess server, int pruningLimit)
    {
        NaiveIndex index = await ModelAsync();
        await server.ReachesAsync(index.Height, index.Blocks[^1].Header);
        await using ElectrumClient client = await server.ConnectAsync();
        object?[][] scripts = [.. index.ScriptHashes.Select(script => new object?[] { script })];
        string?[] expected = [.. index.ScriptHashes.Select(script => index.History(pruningLimit, script).Status)];
        await Eventually.PassAsync(async () =>
        {
            var statuses = await client.CallManyAsync("blockchain.scripthash.subscribe", scripts);
            statuses.Select(status => status.GetString()).ShouldBe(expected);
        });
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        _rpc?.Dispose();
        if (_node is not null) await _node.DisposeAsync();
    }
}
