// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

/// <summary>The composed server, in this process, on a simulated potcoind.</summary>
public sealed class ServerRunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly int _adminPort = FreePort.Next();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_imports_opens_its_ports_answers_and_stops_when_asked()
    {
        await using DevNode node = await StartNodeAsync();
        ServerConfiguration configuration = Configure(node);
        using var stop = new StopRequest();
        var serving = new TaskCompletionSource();
        Task running = new ServerRun(configuration, stop, NullLoggerFactory.Instance, TimeProvider.System).RunAsync(_ => serving.SetResult());
        await Task.WhenAny(serving.Task, running).WaitAsync(Patience, Cancellation);
        running.IsCompleted.ShouldBeFalse(running.Exception?.ToString());

        (await AskAsync("""{"id":7,"method":"blockchain.headers.subscribe","params":[]}""")).ShouldContain("\"id\":7");
        using var client = new AdminClient(_adminPort, "");
        StatusReport report = await client.GetStatusAsync(Cancellation);
        report.Height.ShouldBe(node.Chain.Height);
        report.Serving.ShouldBeTrue();
        report.Coin.ShouldBe("Potcoin");
        report.Daemon.Ok.ShouldBeTrue();
        report.Warnings.ShouldBeEmpty();

        await client.StopAsync(Cancellation);
        await running.WaitAsync(Patience, Cancellation);
        await Should.ThrowAsync<SocketException>(() => AskAsync("{}"));
    }

    [Fact]
    public async Task With_an_index_it_serves_although_the_daemon_is_away()
    {
        int height;
        ServerConfiguration configuration;
        await using (DevNode node = await StartNodeAsync())
        {
            configuration = Configure(node);
            height = node.Chain.Height;
            await RunUntilServingAsync(configuration, _ => Task.CompletedTask);
        }

        await RunUntilServingAsync(configuration, async client =>
        {
            StatusReport report = await client.GetStatusAsync(Cancellation);
            report.Height.ShouldBe(height);
            report.Daemon.Ok.ShouldBeFalse();
            report.Daemon.Status.ShouldBe("unreachable");
            report.Warnings.ShouldContain(warning => warning.Contains("cannot be reached"));
        });
    }

    [Fact]
    public async Task A_daemon_of_another_coin_is_refused()
    {
        await using DevNode node = await StartNodeAsync();

        var failure = await Should.ThrowAsync<WrongCoinException>(() => RunOnceAsync(Configure(node, "coin = litecoin-regtest")));

        Failures.Translate(failure).Code.ShouldBe(ExitCode.CannotStart);
        failure.Message.ShouldContain("is not of Litecoin regtest");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_as_long_as_there_is_nothing_to_serve()
    {
        await using DevNode node = await StartNodeAsync();

        var failure = await Should.ThrowAsync<DaemonUnauthorizedException>(() => RunOnceAsync(Configure(node, password: "not this one")));

        Failures.Translate(failure).Code.ShouldBe(ExitCode.CannotStart);
        failure.Message.ShouldNotContain("not this one");
    }

    [Fact]
    public async Task A_second_server_says_that_the_first_one_runs()
    {
        await using DevNode node = await StartNodeAsync();
        ServerConfiguration configuration = Configure(node);

        await RunUntilServingAsync(configuration, async _ =>
        {
            var failure = await Should.ThrowAsync<CommandFailure>(() => RunOnceAsync(configuration));
            failure.Code.ShouldBe(ExitCode.CannotStart);
            failure.Message.ShouldBe($"a server runs already (process {Environment.ProcessId}, admin port {_adminPort}); stop it first with 'electrum-pot-server stop'");
        });
    }

    [Fact]
    public async Task A_database_in_use_is_told()
    {
        await using DevNode node = await StartNodeAsync();
        ServerConfiguration first = Configure(node);
        ServerConfiguration second = Configure(node, $"stratum_tcp_port = {FreePort.Next()}", adminPort: FreePort.Next());

        await RunUntilServingAsync(first, async _ =>
        {
            Exception failure = await Should.ThrowAsync<Exception>(() => RunOnceAsync(second));
            Failures.Translate(failure).Code.ShouldBe(ExitCode.CannotStart, failure.ToString());
        });
    }

    private static Task<DevNode> StartNodeAsync() =>
        DevNode.StartAsync(new DevNodeOptions { BlockCount = 60, LastPowHeight = 30, LargeBlockTransactions = 0, SlowWrites = false }, Cancellation);

    private ServerConfiguration Configure(DevNode node, string? serverKey = null, string? password = null, int? adminPort = null)
    {
        string port = serverKey?.StartsWith("stratum_tcp_port", StringComparison.Ordinal) == true ? "" : $"stratum_tcp_port = {_port}";
        return ConfigurationFile.Parse(
            $"""
            [server]
            host = 127.0.0.1
            stratum_tcp_ssl_port =
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            {port}
            {serverKey}
            [rocksdb]
            path = {_folder["data"]}
            cache_mb = 8
            import_mb = 16
            [potcoind]
            host = {DevNode.Host}
            port = {node.Port}
            user = {node.Options.User}
            password = {password ?? node.Options.Password}
            [schedule]
            tip_poll = 100ms
            mempool_poll = 100ms
            [admin]
            port = {adminPort ?? _adminPort}
            """,
            _folder["pot.conf"]);
    }

    private static async Task RunOnceAsync(ServerConfiguration configuration)
    {
        using var stop = new StopRequest();
        await new ServerRun(configuration, stop, NullLoggerFactory.Instance, TimeProvider.System).RunAsync(_ => stop.Make("it serves although it must not")).WaitAsync(Patience, Cancellation);
    }

    private static async Task RunUntilServingAsync(ServerConfiguration configuration, Func<AdminClient, Task> meanwhile)
    {
        using var stop = new StopRequest();
        var serving = new TaskCompletionSource();
        Task running = new ServerRun(configuration, stop, NullLoggerFactory.Instance, TimeProvider.System).RunAsync(_ => serving.SetResult());
        try
        {
            await Task.WhenAny(serving.Task, running).WaitAsync(Patience, Cancellation);
            if (running.IsCompleted) await running;
            using var client = new AdminClient(configuration.Get(AdminSection.Port)!.Value, "");
            await meanwhile(client);
        }
        finally
        {
            stop.Make("the test is over");
            await running.WaitAsync(Patience, CancellationToken.None);
        }
    }

    private async Task<string> AskAsync(string line)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _port, Cancellation);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Cancellation) ?? "";
    }
}
