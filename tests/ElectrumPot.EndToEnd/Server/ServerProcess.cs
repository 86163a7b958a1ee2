// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;

namespace ElectrumPot.EndToEnd.Server;

/// <summary>The built server as an operator runs it: executable, configuration file, data folder, ports, signals.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string BuildFirst = "Build the solution first: scripts/setup does it.";

    private static readonly string[] OtherPorts = ["websocket_port", "websocket_ssl_port", "stratum_http_port", "stratum_http_ssl_port"];

    private readonly TemporaryFolder _folder = new("server");
    private ChildProcess? _process;

    private ServerProcess()
    {
        Configuration["server", "host"] = "127.0.0.1";
        Configuration["server", "stratum_tcp_port"] = FreePort.Next();
        Configuration["server", "stratum_tcp_ssl_port"] = FreePort.Next();
        // Off unless a test wants them: fewer ports to find for servers that run side by side.
        foreach (string key in OtherPorts) Configuration["server", key] = "";
        Configuration["server", "ssl_certfile"] = _folder["server.crt"];
        Configuration["server", "ssl_keyfile"] = _folder["server.key"];
        Configuration["rocksdb", "path"] = _folder["database"];
        Configuration["admin", "port"] = FreePort.Next();
        // Quick polls, so that the tests measure behaviour and not patience.
        Configuration["schedule", "tip_poll"] = "100ms";
        Configuration["schedule", "mempool_poll"] = "100ms";
    }

    /// <summary>What the next start will read.</summary>
    public ServerConfiguration Configuration { get; } = new();

    public int TcpPort => Configuration.Number("server", "stratum_tcp_port");

    public int TlsPort => Configuration.Number("server", "stratum_tcp_ssl_port");

    public string CertificateFile => (string)Configuration["server", "ssl_certfile"]!;

    public string DataFolder => (string)Configuration["rocksdb", "path"]!;

    public string ConfigurationFile => _folder["electrum-pot.conf"];

    public string Folder => _folder.Path;

    /// <summary>A program with its arguments that runs the server, such as nsenter; it must replace itself by it.</summary>
    public IReadOnlyList<string> Launcher { get; set; } = ["/usr/bin/env"];

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>Where the build put the executable.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "electrum-pot-server");

    /// <summary>A server for this daemon; not started.</summary>
    public static ServerProcess For(LitecoinDaemon daemon, int pruningLimit = 100)
    {
        var server = new ServerProcess();
        server.Configuration["server", "coin"] = "litecoin-regtest";
        server.Configuration["rocksdb", "pruning_limit"] = pruningLimit;
        server.PointAt(daemon.RpcPort, LitecoinDaemon.User, LitecoinDaemon.Password);
        return server;
    }

    /// <summary>A server for a node of any coin; not started.</summary>
    public static ServerProcess For(string coin, int rpcPort, string user, string password, int pruningLimit = 100)
    {
        var server = new ServerProcess();
        server.Configuration["server", "coin"] = coin;
        server.Configuration["rocksdb", "pruning_limit"] = pruningLimit;
        server.PointAt(rpcPort, user, password);
        return server;
    }

    public void PointAt(int rpcPort, string user, string password)
    {
        Configuration["potcoind", "host"] = "127.0.0.1";
        Configuration["potcoind", "port"] = rpcPort;
        Configuration["potcoind", "user"] = user;
        Configuration["potcoind", "password"] = password;
    }

    /// <summary>Writes the configuration and starts <c>run</c>; returns at once.</summary>
    public void Launch(params string[] moreArguments)
    {
        File.WriteAllText(ConfigurationFile, Configuration.ToString());
        // A shell ignores SIGINT in what it starts in the background, and that is inherited down to here.
        _process = ChildProcess.Start(
            Launcher[0],
            [.. Launcher.Skip(1), "/usr/bin/env", "--default-signal=INT", Executable, "run", "--config", ConfigurationFile, .. moreArguments],
            BuildFirst);
    }

    /// <summary>Starts <c>run</c> and returns when it accepts clients.</summary>
    public async Task StartAsync()
    {
        Launch();
        await AcceptsClientsAsync();
    }

    /// <summary>Waits until the ports for wallets are open.</summary>
    public Task AcceptsClientsAsync() => Eventually.PassAsync(
        async () =>
        {
            Process.ShouldRun();
            // The ports open one after the other.
            foreach (int port in new[] { TcpPort, TlsPort })
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
            }
        },
        TimeSpan.FromSeconds(60));

    /// <summary>Stops it as a service manager does; anything but exit code 0 is a failure.</summary>
    public async Task StopAsync()
    {
        int code = await Process.TerminateAsync(TimeSpan.FromSeconds(60));
        if (code != 0) throw new InvalidOperationException($"The server ended with code {code}. Its output:\n{Process.Output}");
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>A new connection, negotiated as Electrum 4.3.4 does.</summary>
    public Task<ElectrumClient> ConnectAsync(bool tls = false, string? version = "1.4") =>
        ElectrumClient.ConnectAsync(tls ? TlsPort : TcpPort, tls, version);

    /// <summary>Runs another command of the executable with this server's configuration file.</summary>
    public async Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments)
    {
        await File.WriteAllTextAsync(ConfigurationFile, Configuration.ToString(), TestContext.Current.CancellationToken);
        return await EndOfAsync(StartCommand(arguments));
    }

    /// <summary>Runs a command that needs no configuration.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        EndOfAsync(ChildProcess.Start(Executable, arguments, BuildFirst));

    /// <summary>As <see cref="CommandAsync"/>, with the configuration as it was last written, and without waiting for its end.</summary>
    public ChildProcess StartCommand(params string[] arguments) => ChildProcess.Start(
        Executable, [.. arguments, "--config", ConfigurationFile], BuildFirst);

    /// <summary>Waits until the server has answered with this block as its tip.</summary>
    public async Task ReachesAsync(int height, string header)
    {
        await Eventually.PassAsync(
            async () =>
            {
                Process.ShouldRun();
                await using ElectrumClient client = await ConnectAsync();
                var tip = await client.CallAsync("blockchain.headers.subscribe");
                tip.GetProperty("height").GetInt32().ShouldBe(height);
                tip.GetProperty("hex").GetString().ShouldBe(header);
            },
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Waits until the server stands where the daemon stands.</summary>
    public async Task CatchUpAsync(LitecoinDaemon daemon)
    {
        int height = await daemon.HeightAsync();
        await ReachesAsync(height, await daemon.HeaderAsync(height));
    }

    private static async Task<(int ExitCode, string Output)> EndOfAsync(ChildProcess started)
    {
        await using ChildProcess command = started;
        int code = await command.WaitForExitAsync();
        return (code, command.Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _folder.Dispose();
    }
}
