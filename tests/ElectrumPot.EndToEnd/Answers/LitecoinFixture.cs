// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>One litecoind with a young chain and one server on it, for all tests of a class.</summary>
public class LitecoinFixture : IAsyncLifetime
{
    /// <summary>Small enough for the tests' own addresses to be pruned.</summary>
    internal const int PruningLimit = 3;

    private readonly int _pruningLimit;
    private LitecoinDaemon? _daemon;
    private ServerProcess? _server;
    private NaiveChain? _chain;

    public LitecoinFixture()
        : this(PruningLimit)
    {
    }

    private protected LitecoinFixture(int pruningLimit) => _pruningLimit = pruningLimit;

    internal LitecoinDaemon Daemon => _daemon!;

    internal ServerProcess Server => _server!;

    /// <summary>The address to which most of the first coins were mined, by its script and by its key.</summary>
    internal string ReusedAddress { get; private set; } = "";

    public virtual async ValueTask InitializeAsync()
    {
        _daemon = await LitecoinDaemon.StartNewAsync();
        _chain = new NaiveChain(_daemon.Rpc, NaiveFormat.Litecoin);
        ReusedAddress = await ChainScenario.BeginAsync(_daemon);
        _server = ServerProcess.For(_daemon, _pruningLimit);
        await _server.StartAsync();
        await _server.CatchUpAsync(_daemon);
    }

    /// <summary>Waits until the server stands where the daemon stands, mempool included, and returns the model of that moment.</summary>
    internal async Task<NaiveIndex> SettleAsync()
    {
        await Server.CatchUpAsync(Daemon);
        NaiveIndex index = await ModelAsync();
        await using ElectrumClient client = await Server.ConnectAsync();
        object?[][] scripts = [.. index.ScriptHashes.Select(script => new object?[] { script })];
        string?[] expected = [.. index.ScriptHashes.Select(script => index.History(_pruningLimit, script).Status)];
        await Eventually.PassAsync(async () =>
        {
            var statuses = await client.CallManyAsync("blockchain.scripthash.subscribe", scripts);
            statuses.Select(status => status.GetString()).ShouldBe(expected);
        });
        return index;
    }

    internal Task<NaiveIndex> ModelAsync() => _chain!.ReadAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_daemon is not null) await _daemon.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
