// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

/// <summary>A simulated potcoind, a configuration for it in a file, and the server in this process.</summary>
internal sealed class SnapshotServer : IAsyncDisposable
{
    public const string Password = "correct horse";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();
    private readonly int _adminPort = FreePort.Next();
    private readonly int _tcpPort = FreePort.Next();

    private SnapshotServer(DevNode node) => Node = node;

    public DevNode Node { get; }

    /// <summary>What each <see cref="Write"/> adds to the file, by section.</summary>
    public string MoreRocksDb { get; set; } = "";

    public string ConfigurationFile => _folder["pot.conf"];

    public string DataFolder => _folder["data"];

    public string Index => Path.Combine(DataFolder, "index");

    public string this[string name] => _folder[name];

    public static async Task<SnapshotServer> StartNodeAsync(ulong seed = 1, int blocks = 60) => new(await DevNode.StartAsync(
        new DevNodeOptions { BlockCount = blocks, LastPowHeight = 30, LargeBlockTransactions = 0, SlowWrites = false, Seed = seed }, TestContext.Current.CancellationToken));

    /// <summary>A node and a complete database, with the server stopped.</summary>
    public static async Task<SnapshotServer> ImportedAsync()
    {
        SnapshotServer server = await StartNodeAsync();
        await server.WhileServingAsync(_ => Task.CompletedTask);
        return server;
    }

    public void Write(int? rpcPort = null, string? rocksDb = null, int? adminPort = null) => File.WriteAllText(
        ConfigurationFile,
        $"""
        [server]
        host = 127.0.0.1
        password = {Password}
        stratum_tcp_port = {_tcpPort}
        stratum_tcp_ssl_port =
        websocket_port =
        websocket_ssl_port =
        stratum_http_port =
        stratum_http_ssl_port =
        [rocksdb]
        path = {DataFolder}
        cache_mb = 8
        import_mb = 16
        {rocksDb ?? MoreRocksDb}
        [potcoind]
        host = {DevNode.Host}
        port = {rpcPort ?? Node.Port}
        user = {Node.Options.User}
        password = {Node.Options.Password}
        timeout = 5s
        [schedule]
        tip_poll = 100ms
        mempool_poll = 100ms
        [admin]
        port = {adminPort ?? _adminPort}
        """);

    public async Task WhileServingAsync(Func<AdminClient, Task> meanwhile)
    {
        Write();
        ServerConfiguration configuration = ElectrumPot.Server.Configuration.ConfigurationFile.Load(ConfigurationFile);
        using var stop = new StopRequest();
        var serving = new TaskCompletionSource();
        Task running = new ServerRun(configuration, stop, NullLoggerFactory.Instance, TimeProvider.System).RunAsync(_ => serving.SetResult());
        try
        {
            await Task.WhenAny(serving.Task, running).WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (running.IsCompleted) await running;
            using var client = new AdminClient(configuration.Get(AdminSection.Port)!.Value, Password);
            await meanwhile(client);
        }
        finally
        {
            stop.Make("the test is over");
            await running.WaitAsync(Patience, CancellationToken.None);
        }
    }

    /// <summary>Runs a command with the configuration as it was written last.</summary>
    public Task<(int Code, string Output, string Error)> CommandAsync(params string[] arguments) => RunAsync([.. arguments, "--config", ConfigurationFile]);

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RootCommands.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A snapshot of the stopped database.</summary>
    public async Task<string> TakeAsync(string name = "x.tar")
    {
        (int code, _, string error) = await CommandAsync("snapshot", "create", this[name]);
        code.ShouldBe(0, error);
        return this[name];
    }

    public static async Task<SnapshotManifest> ReadManifestAsync(string file)
    {
        await using FileStream stream = File.OpenRead(file);
        SnapshotReader reader = await SnapshotReader.OpenAsync(stream, file, TestContext.Current.CancellationToken);
        await reader.ReadFilesAsync(folder: null, progress: null, TestContext.Current.CancellationToken);
        return reader.Manifest;
    }

    /// <summary>What lies beside the index and belongs to it.</summary>
    public string[] FindLeftovers() => [.. Directory.EnumerateFileSystemEntries(DataFolder).Where(path => path.StartsWith(Index + ".", StringComparison.Ordinal))];

    /// <summary>Moves the database away, as the message of a refusal says.</summary>
    public void RemoveIndex() => Directory.Delete(Index, recursive: true);

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _folder.Dispose();
    }
}
