// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
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
        Should.Throw<ConfigurationException>(() => ListenAddresses.Find(ConfigurationFile.Parse("[server]\nstratum_tcp_port =\nstratum_tcp_ssl_port =", "pot.conf")))
            .Message.ShouldContain("are both off; give at least one");
}
