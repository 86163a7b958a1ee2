// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using System.Net;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Simulation;

namespace ElectrumPot.Server.CommandLine;

/// <summary>The server on a simulated potcoind whose chain moves.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 50001;
    private const int DefaultAdminPort = 8000;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "TCP port; the next one is used for TLS. Default: 50001.", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort };
        var adminPort = new Option<int>("--admin-port") { Description = "Port of status and stop, on this machine only. Default: 8000.", HelpName = "PORT", DefaultValueFactory = _ => DefaultAdminPort };
        var data = new Option<string?>("--data") { Description = "Data folder. The index in it is made anew at each start, since the simulated chain is new as well; the certificate is kept. Default: electrum-pot-demo in the user's data folder.", HelpName = "FOLDER" };
        var interval = new Option<int>("--block-interval") { Description = "Seconds between two blocks, 1 to 3600. Default: 5.", HelpName = "SECONDS", DefaultValueFactory = _ => 5 };
        Option<bool> quiet = CommonOptions.Quiet();
        port.Validators.Add(result => Require(result.GetValueOrDefault<int>() is >= 1 and <= 65534, result, "--port must be from 1 to 65534"));
        adminPort.Validators.Add(result => Require(result.GetValueOrDefault<int>() is >= 1 and <= 65535, result, "--admin-port must be from 1 to 65535"));
        interval.Validators.Add(result => Require(result.GetValueOrDefault<int>() is >= 1 and <= 3600, result, "--block-interval must be from 1 to 3600"));

        var command = new DocumentedCommand(
            "demo",
            "Run the server on a simulated potcoind with a moving chain; needs no configuration and no daemon.",
            "electrum-pot-server demo",
            "electrum-pot-server demo --port 51001 --admin-port 8001");
        foreach (Option option in new Option[] { port, adminPort, data, interval, quiet }) command.Options.Add(option);
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(port),
            parsed.GetValue(adminPort),
            parsed.GetValue(data) ?? Path.Combine(DataFolder.UserData(), "electrum-pot-demo"),
            TimeSpan.FromSeconds(parsed.GetValue(interval)),
            console: !parsed.GetValue(quiet),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static async Task RunAsync(int port, int adminPort, string folder, TimeSpan interval, bool console, TextWriter output)
    {
        ProbePort(port, "it with --port");
        ProbePort(port + 1, "it with --port, which names the one below");
        ProbePort(adminPort, "it with --admin-port");
        folder = Path.GetFullPath(folder);
        using var lease = DemoFolder.Open(folder);
        using var stop = new StopRequest();
        using var signals = new StopSignals(stop);
        await using DevNode node = await DevNode.StartAsync(new DevNodeOptions { BlockCount = 200, LastPowHeight = 100, UseClock = true }, stop.Token);
        ServerConfiguration configuration = Configure(node, port, adminPort, folder);
        await RunCommand.RunLoggedAsync(configuration, console, async loggers =>
        {
            await using var moving = new MovingChain(node, new MovingChainOptions { BlockInterval = interval });
            await new ServerRun(configuration, stop, loggers, TimeProvider.System).RunAsync(_ => Explain(output, configuration, interval));
        });
    }

    private static void ProbePort(int port, string option) => ListenAddresses.Probe(new IPEndPoint(IPAddress.Loopback, port), option);

    private static ServerConfiguration Configure(DevNode node, int port, int adminPort, string folder) => ConfigurationFile.Parse(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [server]
            host = localhost
            stratum_tcp_port = {port}
            stratum_tcp_ssl_port = {port + 1}
            banner = Welcome to the demonstration of the Electrum-POT server. Its coins are worth nothing.
            [rocksdb]
            path = {folder}
            [potcoind]
            host = {DevNode.Host}
            port = {node.Port}
            user = {node.Options.User}
            password = {node.Options.Password}
            [schedule]
            tip_poll = 250ms
            mempool_poll = 500ms
            [admin]
            port = {adminPort}
            """),
        Path.Combine(folder, "demo.conf"));

    private static void Explain(TextWriter output, ServerConfiguration configuration, TimeSpan interval)
    {
        int tcp = configuration.Get(ServerSection.TcpPort) ?? 0;
        int tls = configuration.Get(ServerSection.TlsPort) ?? 0;
        const string requests = """{"id":0,"method":"server.version","params":["first look","1.4"]}\n{"id":1,"method":"blockchain.headers.subscribe","params":[]}\n""";
        output.WriteLine(
            $"""

            The demonstration serves a simulated {configuration.Coin.Name} chain with a new block every {interval.TotalSeconds:0} s.
            Its data lies in {DataFolder.Locate(configuration)}. Ctrl-C or 'scripts/stop' ends it.

            Ask it over TCP, and watch blocks arrive for 15 seconds:
              (printf '{requests}'; sleep 15) | nc -q 1 127.0.0.1 {tcp}

            The same over TLS:
              (printf '{requests}'; sleep 15) | openssl s_client -quiet -verify_quiet -connect 127.0.0.1:{tls}

            """);
        output.Flush();
    }

    private static void Require(bool condition, System.CommandLine.Parsing.OptionResult result, string message)
    {
        if (!condition) result.AddError(message);
    }
}
