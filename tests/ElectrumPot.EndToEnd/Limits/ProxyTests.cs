// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Limits;

/// <summary>A real proxy in front of the server: Debian's HAProxy, in both versions of its protocol.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Haproxy_names_its_clients_on_both_ports_in_both_versions()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 100, LastPowHeight = 70, UseClock = true });
        await using ServerProcess server = node.NewServer(pruningLimit: 100);
        server.Configuration["server", "trusted_proxies"] = "127.0.0.1";
        await server.StartAsync();

        using var folder = new TemporaryFolder("haproxy");
        int tcp = FreePort.Next();
        int tls = FreePort.Next();
        await File.WriteAllTextAsync(folder["haproxy.cfg"], Configuration(server, tcp, tls), TestContext.Current.CancellationToken);
        await using ChildProcess haproxy = ChildProcess.Start("haproxy", ["-db", "-f", folder["haproxy.cfg"]], Requirements.Advice);

        // The proxies' own checks must have found the ports open before anybody is let through.
        foreach (bool isTls in new[] { false, true })
        {
            int port = 0;
            await Eventually.PassAsync(async () =>
            {
                haproxy.ShouldRun();
                await using LineConnection connection = await LineConnection.OpenAsync(isTls ? tls : tcp, isTls);
                await connection.SendLineAsync("""{"id":1,"method":"server.ping"}""");
                (await connection.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","id":1,"result":null}""");
                port = connection.LocalPort;
            });
            // Its own port, not the one from which the proxy went on.
            await Eventually.HoldsAsync(() => server.Process.Output.Contains($"peer=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)} reason=closed-by-wallet", StringComparison.Ordinal));
        }

        // Without the proxy's word nobody gets in.
        await using LineConnection direct = await LineConnection.OpenAsync(server.TcpPort);
        await direct.SendLineAsync("""{"id":1,"method":"server.ping"}""");
        (await direct.ReadLineAsync()).ShouldBeNull();
        await Eventually.HoldsAsync(() => server.Process.Output.Contains("limit exceeded limit=trusted_proxies peer=127.0.0.1:", StringComparison.Ordinal));
    }

    private static string Configuration(ServerProcess server, int tcp, int tls) =>
        $"""
        defaults
            mode tcp
            timeout connect 5s
            timeout client 60s
            timeout server 60s
        listen tcp
            bind 127.0.0.1:{tcp}
            server electrum 127.0.0.1:{server.TcpPort} send-proxy check inter 200ms
        listen tls
            bind 127.0.0.1:{tls}
            server electrum 127.0.0.1:{server.TlsPort} send-proxy-v2 check inter 200ms

        """;
}
