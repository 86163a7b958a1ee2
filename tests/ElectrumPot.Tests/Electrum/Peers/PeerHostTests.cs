// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerHostTests
{
    [Theory]
    [InlineData("Electrum.Example.ORG", "electrum.example.org", PeerHostKind.Name, "example.org")]
    [InlineData("a-b.c_d.co", "a-b.c_d.co", PeerHostKind.Name, "c_d.co")]
    [InlineData("9.9.9.9", "9.9.9.9", PeerHostKind.Address, "")]
    [InlineData("2606:4700:0::1111", "2606:4700::1111", PeerHostKind.Address, "")]
    [InlineData("::ffff:9.9.9.9", "9.9.9.9", PeerHostKind.Address, "")]
    public void A_host_has_one_spelling(string text, string name, PeerHostKind kind, string domain)
    {
        PeerHost.TryParse(text, out PeerHost? host).ShouldBeTrue();
        (host.Name, host.Kind, host.Domain).ShouldBe((name, kind, domain));
    }

    [Fact]
    public void An_onion_host_is_one_of_version_3()
    {
        TestPeers.Host(TestPeers.Onion.ToUpperInvariant()).Kind.ShouldBe(PeerHostKind.Onion);
        PeerHost.TryParse("expyuzz4wqqyqhjn.onion", out _).ShouldBeFalse("version 2 is gone");
        PeerHost.TryParse("x." + TestPeers.Onion, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("my.localhost")]
    [InlineData("printer.local")]
    [InlineData("router.lan")]
    [InlineData("single")]
    [InlineData("-a.example.org")]
    [InlineData("a-.example.org")]
    [InlineData("a..example.org")]
    [InlineData(".example.org")]
    [InlineData("example.org.")]
    [InlineData("exa mple.org")]
    [InlineData("exämple.org")]
    [InlineData("a/b.org")]
    [InlineData("user@example.org")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("a.0x7f")]
    [InlineData("1.2.3.4.5")]
    [InlineData("[2606:4700::1111]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2606:4700::1111:50001:")]
    public void What_is_no_host_is_none(string text) => PeerHost.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Too_long_names_are_none()
    {
        PeerHost.TryParse(new string('a', 64) + ".org", out _).ShouldBeFalse();
        PeerHost.TryParse(string.Concat(Enumerable.Repeat("abcdefgh.", 32)) + "org", out _).ShouldBeFalse();
    }

    [Fact]
    public void No_text_at_all_breaks_it() => Prop.ForAll<string>(text =>
    {
        if (text is null) return;
        if (PeerHost.TryParse(text, out PeerHost? host)) PeerHost.TryParse(host.Name, out PeerHost? again).ShouldBe(again == host);
        PeerAnnouncement.TryParse($"{text} t", out PeerAnnouncement? announcement).ShouldBe(announcement is not null);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("9.9.9.9", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:9.9.9.9", true)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_what_everybody_reaches_is_public(string address, bool isPublic) => AddressRules.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("9.9.1.1", "9.9.2.2", true, false)]
    [InlineData("9.9.1.1", "9.8.1.1", false, false)]
    [InlineData("9.9.1.1", "::ffff:9.9.1.1", true, true)]
    [InlineData("2606:4700:0:0100::1", "2606:4700:0:01ff::1", true, false)]
    [InlineData("2606:4700:0:0100::1", "2606:4700:0:0200::1", false, false)]
    [InlineData("2606:4700:0:0100::1", "2606:4700:0:0100:ffff::1", true, true)]
    public void Buckets_are_wide_for_operators_and_narrow_for_servers(string one, string other, bool sameOperator, bool sameServer)
    {
        (IPAddress a, IPAddress b) = (IPAddress.Parse(one), IPAddress.Parse(other));
        (AddressRules.OperatorBucket(a) == AddressRules.OperatorBucket(b)).ShouldBe(sameOperator);
        (AddressRules.ServerBucket(a) == AddressRules.ServerBucket(b)).ShouldBe(sameServer);
    }

    [Theory]
    [InlineData("electrum.example.org v0.9 p100 t h s ", 50001, 50002)]
    [InlineData("electrum.example.org t50011 s50012 v1.6", 50011, 50012)]
    [InlineData("electrum.example.org  s", null, 50002)]
    [InlineData("electrum.example.org t65535 x1 zz", 65535, null)]
    public void Tokens_name_the_ports(string text, int? tcp, int? tls) =>
        TestPeers.Announce(text).ShouldBe(new PeerAnnouncement(TestPeers.Host("electrum.example.org"), new PeerPorts(tcp, tls)));

    [Theory]
    [InlineData("")]
    [InlineData("electrum.example.org")]
    [InlineData("electrum.example.org v1.6 p100 h g")]
    [InlineData("electrum.example.org t0")]
    [InlineData("electrum.example.org t65536")]
    [InlineData("electrum.example.org t50001 s-1")]
    [InlineData("electrum.example.org t5000l")]
    [InlineData("localhost t s")]
    public void An_announcement_needs_a_host_and_valid_ports(string text) => PeerAnnouncement.TryParse(text, out _).ShouldBeFalse();
}
