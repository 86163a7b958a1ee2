// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.Electrum;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

public class ListenAddressesTests
{
    [Fact]
    public void Localhost_means_this_machine_only() => ListenAddresses.Resolve("localhost").ShouldAllBe(address => IPAddress.IsLoopback(address));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("[::1]", "::1")]
    public void An_address_means_itself(string host, string address) => ListenAddresses.Resolve(host).ShouldBe([IPAddress.Parse(address)]);

    [Fact]
    public void A_name_means_all_interfaces_even_when_it_resolves_to_none_of_them()
    {
        IPAddress address = ListenAddresses.Resolve("pot.example.invalid").ShouldHaveSingleItem();

        (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)).ShouldBeTrue();
    }

    [Fact]
    public void A_port_that_is_taken_is_told_with_the_key_to_change()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;

        var failure = Should.Throw<CommandFailure>(() => ListenAddresses.Probe(endpoint, "[server] stratum_tcp_port"));

        failure.Code.ShouldBe(ExitCode.CannotStart);
        failure.Message.ShouldBe(
            $"port {endpoint.Port} on 127.0.0.1 is taken by another program (find it with: ss -ltnp 'sport = :{endpoint.Port}'); stop that one or change [server] stratum_tcp_port");
    }

    [Fact]
    public void An_address_of_another_machine_is_told() =>
        Should.Throw<CommandFailure>(() => ListenAddresses.Probe(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 50001), "[server] stratum_tcp_port"))
            .Message.ShouldBe("192.0.2.7 is no address of this machine; change [server] host");

    [Fact]
    public void Without_any_port_there_is_nothing_to_serve() =>
        Should.Throw<ConfigurationException>(() => Find(
            """
            stratum_tcp_port =
            stratum_tcp_ssl_port =
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            """)).Message.ShouldContain("stratum_http_port, stratum_http_ssl_port are all off; give at least one");

    [Fact]
    public void All_transports_are_served_unless_they_are_switched_off()
    {
        Find("").Select(endpoint => endpoint.ToString()).ShouldBe(
        [
            "tcp://127.0.0.1:50001", "tls://127.0.0.1:50002", "ws://127.0.0.1:50003", "wss://127.0.0.1:50004", "http://127.0.0.1:8081", "https://127.0.0.1:8082",
        ]);
        Find("websocket_port =\nstratum_http_ssl_port = off").Select(endpoint => endpoint.Transport).ShouldBe(
            [ElectrumTransport.Tcp, ElectrumTransport.Tls, ElectrumTransport.WebSocketTls, ElectrumTransport.Http]);
    }

    [Fact]
    public void A_shared_port_is_tried_once_and_named_by_all_its_keys()
    {
        IReadOnlyList<ElectrumEndpoint> endpoints = Find("stratum_tcp_port = 443\nwebsocket_ssl_port = 443\nstratum_tcp_ssl_port = 443");

        ListenAddresses.DistinctPorts(endpoints).Count().ShouldBe(4);
        ListenAddresses.DistinctPorts(endpoints).First().ShouldBe(
            (new IPEndPoint(IPAddress.Loopback, 443), "[server] stratum_tcp_port and [server] stratum_tcp_ssl_port and [server] websocket_ssl_port"));
    }

    [Fact]
    public void The_admin_port_is_not_shared() =>
        Should.Throw<ConfigurationException>(() => Find("stratum_http_port = 8000"))
            .Message.ShouldBe("pot.conf: [server] stratum_http_port and [admin] port are both 8000; only wallets may share a port");

    private static IReadOnlyList<ElectrumEndpoint> Find(string keys) =>
        ListenAddresses.Find(ConfigurationFile.Parse($"[server]\nhost = 127.0.0.1\n{keys}", "pot.conf"));
}
