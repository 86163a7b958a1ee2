// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Text;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

/// <summary>What a connection meets before its first request, through real sockets.</summary>
public sealed class ConnectionGateTests
{
    private const string Ping = "{\"id\":1,\"method\":\"server.ping\"}\n";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":null}""";

    private readonly TestLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_too_many_is_hung_up_on_and_gets_in_when_another_leaves()
    {
        await using ElectrumServer server = await StartAsync(new AdmissionLimits { MaxSessionsPerAddress = 2, Exempt = AddressList.Empty });
        using TcpClient first = await ConnectAsync(server);
        using TcpClient second = await ConnectAsync(server);
        (await ExchangeAsync(first, Ping)).ShouldBe(Pong);
        (await ExchangeAsync(second, Ping)).ShouldBe(Pong);
        await RefusedAsync(server, Ping);
        server.Sessions.LimitStatistics.Counts.Single(count => count.Key == "max_sessions_per_address").Enforced.ShouldBe(1);

        first.Close();
        await Poll.UntilAsync(() => server.Sessions.Count == 1);
        using TcpClient fourth = await ConnectAsync(server);
        (await ExchangeAsync(fourth, Ping)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Behind_a_proxy_the_wallets_address_counts()
    {
        await using ElectrumServer server = await StartAsync(
            new AdmissionLimits { MaxSessionsPerAddress = 1, TrustedProxies = AddressList.Parse("127.0.0.1") });
        using TcpClient one = await ConnectAsync(server);
        (await ExchangeAsync(one, "PROXY TCP4 192.0.2.7 127.0.0.1 4711 50001\r\n" + Ping)).ShouldBe(Pong);
        server.Sessions.Sessions.Single().Peer.ShouldBe("192.0.2.7:4711");
        await RefusedAsync(server, "PROXY TCP4 192.0.2.7 127.0.0.1 4712 50001\r\n" + Ping);
        using TcpClient other = await ConnectAsync(server);
        (await ExchangeAsync(other, "PROXY TCP6 2001:db8::7 ::1 4712 50001\r\n" + Ping)).ShouldBe(Pong);
        _log.Errors.Single().ShouldContain("limit=max_sessions_per_address peer=192.0.2.7:4712 address=192.0.2.7");
    }

    [Fact]
    public async Task A_proxys_own_connections_are_not_counted_as_a_client()
    {
        await using ElectrumServer server = await StartAsync(
            new AdmissionLimits { MaxSessionsPerAddress = 1, Exempt = AddressList.Empty, TrustedProxies = AddressList.Parse("127.0.0.1") });
        for (int i = 0; i < 3; i++)
        {
            TcpClient check = await ConnectAsync(server);
            (await ExchangeAsync(check, "PROXY UNKNOWN\r\n" + Ping)).ShouldBe(Pong);
        }

        server.Sessions.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(Ping)]
    [InlineData("PROXY TCP4 nonsense\r\n" + Ping)]
    public async Task A_trusted_proxy_that_does_not_name_the_client_is_refused(string text)
    {
        await using ElectrumServer server = await StartAsync(new AdmissionLimits { TrustedProxies = AddressList.Parse("127.0.0.1") });
        using TcpClient client = await ConnectAsync(server);
        (await ExchangeAsync(client, text)).ShouldBeNull();
        _log.Errors.Single().ShouldContain("limit=trusted_proxies");
    }

    [Fact]
    public async Task A_proxy_that_only_knocks_is_not_worth_a_line()
    {
        await using ElectrumServer server = await StartAsync(new AdmissionLimits { TrustedProxies = AddressList.Parse("127.0.0.1") });
        using (TcpClient client = await ConnectAsync(server))
            client.Client.Shutdown(SocketShutdown.Send);
        using TcpClient last = await ConnectAsync(server);
        (await ExchangeAsync(last, "PROXY UNKNOWN\r\n" + Ping)).ShouldBe(Pong);
        _log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_header_that_does_not_come_is_not_waited_for_long()
    {
        await using ElectrumServer server = await StartAsync(
            new AdmissionLimits { TrustedProxies = AddressList.Parse("127.0.0.1") }, new SessionLimits { TlsHandshake = TimeSpan.FromMilliseconds(100) });
        using TcpClient client = await ConnectAsync(server);
        (await ExchangeAsync(client, "PROXY TCP4 192.0")).ShouldBeNull();
    }

    [Fact]
    public async Task From_anybody_else_a_header_is_a_bad_request()
    {
        await using ElectrumServer server = await StartAsync(new AdmissionLimits { TrustedProxies = AddressList.Parse("10.0.0.0/8") });
        using TcpClient client = await ConnectAsync(server);
        (await ExchangeAsync(client, "PROXY TCP4 192.0.2.7 127.0.0.1 4711 50001\r\n")).ShouldNotBeNull().ShouldContain("-32700");
        server.Sessions.Sessions.Single().ClientAddress.ShouldBe(IPAddress.Loopback);
    }

    private static async Task<TcpClient> ConnectAsync(ElectrumServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Endpoints[0].Address, Cancellation);
        return client;
    }

    /// <summary>The server may hang up before the connection is known to this side.</summary>
    private static async Task RefusedAsync(ElectrumServer server, string text)
    {
        try
        {
            using TcpClient client = await ConnectAsync(server);
            (await ExchangeAsync(client, text)).ShouldBeNull();
        }
        catch (SocketException)
        {
            // Reset at once.
        }
    }

    /// <returns>Null when the server hung up.</returns>
    private static async Task<string?> ExchangeAsync(TcpClient client, string text)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
            return await new StreamReader(client.GetStream()).ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<ElectrumServer> StartAsync(AdmissionLimits admission, SessionLimits? limits = null)
    {
        var options = new ElectrumOptions
        {
            Coin = CoinRegistry.BuiltIn.Get("potcoin"),
            Endpoints = [new ElectrumEndpoint(ElectrumTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
            Admission = admission,
            Limits = limits ?? new SessionLimits(),
        };
        var server = new ElectrumServer(options, new ScriptedChain(), new ScriptedDaemon(), null, new OneLog(_log), TimeProvider.System);
        await server.StartAsync(Cancellation);
        return server;
    }

    private sealed class OneLog(TestLog log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("ElectrumPot", StringComparison.Ordinal)
            ? log
            : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
