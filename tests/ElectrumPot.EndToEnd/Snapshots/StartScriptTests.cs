// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Snapshots;

/// <summary><c>scripts/start</c> where there is no database yet and an address of a snapshot is configured.</summary>
public sealed class StartScriptTests : IAsyncLifetime
{
    private const int PruningLimit = 3;

    private readonly TemporaryDevNode _node = new();
    private ServerProcess? _source;
    private ServerProcess? _server;
    private FileHost? _host;

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync(new DevNodeOptions { BlockCount = 60, LastPowHeight = 30, SlowWrites = false });
        _source = _node.NewServer(PruningLimit);
        await _source.StartAsync();
        string copy = Path.Combine(_source.Folder, "potcoin-latest.tar");
        (int code, string output) = await _source.CommandAsync("snapshot", "create", copy);
        code.ShouldBe(0, output);
        await _source.StopAsync();
        _host = new FileHost(copy);
        _server = _node.NewServer(PruningLimit);
        _server.Configuration["rocksdb", "snapshot_url"] = _host.Address;
        await File.WriteAllTextAsync(_server.ConfigurationFile, _server.Configuration.ToString(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        if (_source is not null) await _source.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task With_snapshot_it_is_fetched_once()
    {
        await using var scripts = new StartScript();

        (int code, string output) = await scripts.StartAsync("--snapshot", "--config", _server!.ConfigurationFile);

        code.ShouldBe(0, output);
        output.ShouldContain($"restored {Path.Combine(_server.DataFolder, "index")} from {_host!.Address}: block 60");
        await AnswersAsync();
        await scripts.StopAsync();
        (code, output) = await scripts.StartAsync("--snapshot", "--config", _server.ConfigurationFile);
        code.ShouldBe(0, output);
        output.ShouldContain("there is a database already");
    }

    [Fact]
    public async Task Without_a_terminal_it_is_mentioned_and_the_import_begins()
    {
        await using var scripts = new StartScript();

        (int code, string output) = await scripts.StartAsync("--config", _server!.ConfigurationFile);

        code.ShouldBe(0, output);
        output.ShouldContain($"'scripts/start --snapshot' fetches {_host!.Address} instead");
        output.ShouldNotContain("restored");
        await AnswersAsync();
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("", false)]
    public async Task On_a_terminal_the_operator_is_asked(string answer, bool fetches)
    {
        await using var scripts = new StartScript();

        (int code, string output) = await scripts.StartOnTerminalAsync(answer, "--config", _server!.ConfigurationFile);

        code.ShouldBe(0, output);
        output.ShouldContain("There is no database yet.");
        output.Contains("restored", StringComparison.Ordinal).ShouldBe(fetches, output);
        await AnswersAsync();
    }

    [Fact]
    public async Task With_no_snapshot_nothing_is_asked_or_said()
    {
        await using var scripts = new StartScript();

        (int code, string output) = await scripts.StartAsync("--no-snapshot", "--config", _server!.ConfigurationFile);

        code.ShouldBe(0, output);
        output.ShouldNotContain(_host!.Address);
    }

    [Fact]
    public async Task A_snapshot_that_does_not_fit_stops_the_start_with_a_way_out()
    {
        await using var scripts = new StartScript();
        _node.Node.Reorg(depth: 3, newBlocks: 4);

        (int code, string output) = await scripts.StartAsync("--snapshot", "--config", _server!.ConfigurationFile);

        code.ShouldBe(3);
        output.ShouldContain("is not on the chain of the daemon");
        output.ShouldContain("'scripts/start --no-snapshot' builds the database from the daemon");
        Directory.Exists(Path.Combine(_server.DataFolder, "index")).ShouldBeFalse();
    }

    private async Task AnswersAsync()
    {
        await using ElectrumClient client = await _server!.ConnectAsync();
        await client.ShouldAllMatchAsync(await _node.ModelAsync(), PruningLimit);
    }
}
