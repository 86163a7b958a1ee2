// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerListTests
{
    private static readonly AdvertisedHost Clearnet = new("me.example.org") { TcpPort = 50001, TlsPort = 50002, HttpPort = 8081, HttpTlsPort = 8082 };
    private static readonly PeerOptions WithTor = new() { TorProxy = new IPEndPoint(IPAddress.Loopback, 9050), MaxPeers = 1_000 };

    private readonly ManualTime _time = new();

    [Fact]
    public void We_come_first_with_tokens_that_every_wallet_can_read()
    {
        ElectrumOptions options = TestPeers.Options(
            new PeerOptions(), Clearnet, new AdvertisedHost(TestPeers.Onion) { TcpPort = 50001 }, new AdvertisedHost("192.168.1.5") { TcpPort = 50001 },
            new AdvertisedHost("web.example.org") { WebSocketPort = 50003, HttpPort = 8081 }) with { PruningLimit = 100 };
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.net t50011", "9.9.9.9");
        Get(options, table).ShouldBe(
            """[["me.example.org","me.example.org",["v1.7","p100","t50001","s50002","h8081","g8082"]],"""
            + $"[\"{TestPeers.Onion}\",\"{TestPeers.Onion}\",[\"v1.7\",\"p100\",\"t50001\"]],"
            + """["9.9.9.9","a.example.net",["v1.4","t50011"]]]""");
    }

    [Theory]
    [InlineData("1.4.2", "v1.4")]
    [InlineData("1.6", "v1.6")]
    [InlineData("1.10.3", "v1.10")]
    public void A_version_is_a_decimal_fraction_whatever_the_peer_says(string max, string token)
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.net t", "9.9.9.9");
        ProtocolVersion.TryParse(max, out ProtocolVersion version).ShouldBeTrue();
        table.Complete(TestPeers.Host("a.example.net"), TestPeers.Good(new PeerPorts(50001, null), "9.9.9.9") with { ProtocolMax = version, Pruning = 10 });
        JsonElement tokens = JsonElement.Parse(Get(TestPeers.Options(new PeerOptions()), table))[0][2];
        tokens[0].GetString().ShouldBe(token);
        double.Parse(tokens[0].GetString()![1..], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0.9);
        tokens[1].GetString().ShouldBe("p10");
    }

    [Fact]
    public void A_bare_ipv6_address_is_left_out_for_wallets_that_take_its_colons_for_separators()
    {
        ElectrumOptions options = TestPeers.Options(new PeerOptions(), new AdvertisedHost("2606:4700::1") { TcpPort = 50001 });
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("2606:4700:1::1 t", "2606:4700:1::1");
        Get(options, table).ShouldBe("[]");
        table.AddGood("a.example.net t", "2606:4700:2::1");
        Get(options, table).ShouldBe("""[["2606:4700:2::1","a.example.net",["v1.4","t50001"]]]""");
    }

    [Fact]
    public void Nobody_known_is_an_empty_list() => Get(TestPeers.Options(new PeerOptions()), TestPeers.Table(null, _time)).ShouldBe("[]");

    [Fact]
    public void Two_of_a_bucket_are_told_and_no_more()
    {
        PeerTable table = TestPeers.Table(null, _time);
        for (int i = 1; i <= 5; i++)
        {
            table.AddGood($"a{i}.example.net t", $"9.9.{i}.1");
            table.AddGood($"b{i}.example.net t", $"9.10.{i}.1");
            table.AddGood($"c{i}.example.net t", $"2606:4700:0:10{i}::1");
        }

        string[] told = Hosts(table, isTor: false);
        told.Length.ShouldBe(6);
        foreach (char bucket in "abc") told.Count(host => host[0] == bucket).ShouldBe(2);
    }

    [Fact]
    public void Onion_hosts_are_ten_or_a_quarter_and_fifty_for_callers_from_tor()
    {
        PeerTable table = TestPeers.Table(WithTor, _time);
        for (int i = 0; i < 60; i++) table.AddGood($"{TestPeers.OnionOf(i)} t", null);
        Hosts(table, isTor: false).Length.ShouldBe(10);
        Hosts(table, isTor: true).Length.ShouldBe(50);
        for (int i = 0; i < 80; i++) table.AddGood($"h{i}.example.net t", $"9.{i}.1.1");
        Hosts(table, isTor: false).Count(host => host.EndsWith(".onion", StringComparison.Ordinal)).ShouldBe(20);
    }

    [Fact]
    public void Only_what_is_good_now_and_was_lately_is_told()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.net t", "9.9.9.9");
        table.Learn(TestPeers.Announce("b.example.net t"), "hearsay");
        table.AddGood("c.example.net t", "9.8.9.9");
        table.Complete(TestPeers.Host("c.example.net"), new PeerCheck(PeerVerdict.Unreachable, "away"));
        Hosts(table, isTor: false).ShouldBe(["a.example.net"]);
        _time.Advance(TimeSpan.FromHours(3) + TimeSpan.FromSeconds(1));
        Hosts(table, isTor: false).ShouldBeEmpty();
    }

    [Fact]
    public void The_list_is_kept_until_something_changes()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.net t", "9.9.9.9");
        var writer = new PeerListWriter(TestPeers.Options(new PeerOptions()), TestPeers.Nobody, table, _time);
        ReadOnlyMemory<byte> first = writer.Get(isCallerOnTor: false);
        writer.Get(isCallerOnTor: false).ShouldBe(first);
        table.AddGood("b.example.net t", "9.8.9.9");
        JsonElement.Parse(writer.Get(isCallerOnTor: false).Span).GetArrayLength().ShouldBe(2);
    }

    private string Get(ElectrumOptions options, PeerTable table) =>
        System.Text.Encoding.UTF8.GetString(new PeerListWriter(options, new OwnIdentities(options.Hosts, AddressRules.IsPublic), table, _time).Get(isCallerOnTor: false).Span);

    private string[] Hosts(PeerTable table, bool isTor) =>
        [.. JsonElement.Parse(new PeerListWriter(TestPeers.Options(WithTor), TestPeers.Nobody, table, _time).Get(isTor).Span)
            .EnumerateArray().Select(member => member[1].GetString()!)];
}
