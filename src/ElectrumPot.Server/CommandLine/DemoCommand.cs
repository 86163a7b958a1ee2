// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Parsing;
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
    private const int DefaultHttpPort = 8081;
    private const int HighestPort = 65529;
    private const int DefaultAdminPort = 8000;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "TCP port. Of those above it the next is for TLS, the second is left for --admin-port, and the others are for WebSocket, HTTP polling and both over TLS. Default: 50001, with the usual ports of the others: 50002, 50003, 50004, 8081, 8082.", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort };
        var adminPort = new Option<int>("--admin-port") { Description = "Port of status and stop, on this machine only. Default: 8000.", HelpName = "PORT", DefaultValueFactory = _ => DefaultAdminPort };
        var data = new Option<string?>("--data") { Description = "Data folder. The index in it is made anew at each start, since the simulated chain is new as well; the certificate is kept. Default: electrum-pot-demo in the user's data folder.", HelpName = "FOLDER" };
        var interval = new Option<int>("--block-interval") { Description = "Seconds between two blocks, 1 to 3600. Default: 5.", HelpName = "SECONDS", DefaultValueFactory = _ => 5 };
        Option<bool> quiet = CommonOptions.Quiet();
        port.Validators.Add(result => Require(result, 1, HighestPort, $"--port must be from 1 to {HighestPort}"));
        adminPort.Validators.Add(result => Require(result, 1, 65535, "--admin-port must be from 1 to 65535"));
        interval.Validators.Add(result => Require(result, 1, 3600, "--block-interval must be from 1 to 3600"));

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
        int[] ports = Ports(port);
        ProbePort(port, "it with --port");
        foreach (int other in ports[1..]) ProbePort(other, "it with --port, which moves all of them");
        ProbePort(adminPort, "it with --admin-port");
        folder = Path.GetFullPath(folder);
        using var lease = DemoFolder.Open(folder);
        using var stop = new StopRequest();
        using var signals = new StopSignals(stop);
        await using DevNode node = await DevNode.StartAsync(new DevNodeOptions { BlockCount = 200, LastPowHeight = 100, UseClock = true }, stop.Token);
        ServerConfiguration configuration = Configure(node, ports, adminPort, folder);
        await RunCommand.RunLoggedAsync(configuration, console, async loggers =>
        {
            await using var moving = new MovingChain(node, new MovingChainOptions { BlockInterval = interval });
            await new ServerRun(configuration, stop, loggers, TimeProvider.System).RunAsync(_ => Explain(output, configuration, interval));
        });
    }

    /// <summary>TCP, WebSocket and HTTP, each followed by itself over TLS.</summary>
    private static int[] Ports(int port) => port == DefaultPort
        ? [port, port + 1, port + 2, port + 3, DefaultHttpPort, DefaultHttpPort + 1]
        : [port, port + 1, port + 3, port + 4, port + 5, port + 6];

    private static void ProbePort(int port, string option) => ListenAddresses.Probe(new IPEndPoint(IPAddress.Loopback, port), option);

    private static ServerConfiguration Configure(DevNode node, int[] ports, int adminPort, string folder) => ConfigurationFile.Parse(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [server]
            host = localhost
            stratum_tcp_port = {ports[0]}
            stratum_tcp_ssl_port = {ports[1]}
            websocket_port = {ports[2]}
            websocket_ssl_port = {ports[3]}
            stratum_http_port = {ports[4]}
            stratum_http_ssl_port = {ports[5]}
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
        int webSocket = configuration.Get(ServerSection.WebSocketPort) ?? 0;
        int http = configuration.Get(ServerSection.HttpPort) ?? 0;
        const string request = """{"id":0,"method":"server.version","params":["first look","1.4"]}""";
        const string requests = """{"id":0,"method":"server.version","params":["first look","1.4"]}\n{"id":1,"method":"blockchain.headers.subscribe","params":[]}\n""";
        output.WriteLine(
            $"""

            The demonstration serves a simulated {configuration.Coin.Name} chain with a new block every {interval.TotalSeconds:0} s.
            Its data lies in {DataFolder.Locate(configuration)}. Ctrl-C or 'scripts/stop' ends it.

            Ask it over TCP, and watch blocks arrive for 15 seconds:
              (printf '{requests}'; sleep 15) | nc -q 1 127.0.0.1 {tcp}

            The same over TLS:
              (printf '{requests}'; sleep 15) | openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:{tls} 2>/dev/null

            Over HTTP, and for wallets in a browser at ws://127.0.0.1:{webSocket} over WebSocket:
              curl -d '{request}' http://127.0.0.1:{http}/

            """);
        output.Flush();
    }

    private static void Require(OptionResult result, int min, int max, string message)
    {
        // What is no number at all is refused by the parser in its own words.
        if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int value) && (value < min || value > max))
            result.AddError(message);
    }
}
