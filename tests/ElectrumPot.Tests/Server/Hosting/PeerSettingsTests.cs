// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

public class PeerSettingsTests
{
    private const string Onion = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion";

    [Fact]
    public void Without_a_word_nobody_is_contacted()
    {
        PeerOptions options = PeerSettings.Read(Parse(""));
        (options.Discovery, options.Irc, options.TorProxy, options.Seeds.Count).ShouldBe((PeerDiscovery.Off, null, null, 0));
        PeerSettings.FindIneffective(Parse("")).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_is_written_arrives()
    {
        ServerConfiguration read = Parse(
            $"""
            [server]
            host = 0.0.0.0
            report_host = me.example.org
            irc = yes
            irc_nick = mine
            [peers]
            discovery = on
            seeds = a.example.org t s,
              b.example.org s50012
            announce = no
            onion_host = {Onion} t50001
            tor_proxy = 127.0.0.1:9050
            blacklist_file = black.json
            max_peers = 50
            max_checks = 2
            max_reply_kb = 200
            height_window = 5
            timeout = 10s
            onion_timeout = 1min
            irc_server = irc.example.net
            irc_port = 6668
            irc_channel = #pot
            [schedule]
            peer_check = 1h
            peer_retry = 1min
            irc_names = 10min
            [rocksdb]
            path = /data
            """);
        PeerOptions options = PeerSettings.Read(read);
        options.Discovery.ShouldBe(PeerDiscovery.On);
        options.Seeds.ShouldBe(["a.example.org t s", "b.example.org s50012"]);
        options.Announce.ShouldBeFalse();
        options.TorProxy.ShouldBe(new IPEndPoint(IPAddress.Loopback, 9050));
        (options.BlacklistFile, options.StoreFile).ShouldBe(("/etc/black.json", "/data/peers.json"));
        (options.MaxPeers, options.MaxConcurrentChecks, options.MaxReplyBytes, options.HeightWindow).ShouldBe((50, 2, 200_000, 5));
        (options.Timeout, options.OnionTimeout).ShouldBe((TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)));
        (options.CheckInterval, options.RetryInterval).ShouldBe((TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)));
        options.Irc.ShouldBe(new IrcOptions("irc.example.net") { Port = 6668, Channel = "#pot", Nick = "mine", NamesInterval = TimeSpan.FromMinutes(10) });
        PartOptions.AdvertisedHosts(read).Select(host => (host.Name, host.TcpPort, host.TlsPort)).ShouldBe([("me.example.org", 50001, 50002), (Onion, 50001, null)]);
        PeerSettings.FindIneffective(read).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[server]\nhost = x.example.org\nirc = yes", "[server] irc has no effect")]
    [InlineData("[server]\nhost = x.example.org\nirc = yes\n[peers]\ndiscovery = on", "[server] irc has no effect")]
    [InlineData("[server]\nhost = x.example.org\nirc = yes\n[peers]\nirc_server = irc.example.net", "[server] irc has no effect")]
    [InlineData("[peers]\nseeds = a.example.org t", "[peers] seeds has no effect")]
    [InlineData("[peers]\ndiscovery = self", "the server has no name to tell others")]
    public void What_cannot_take_effect_is_said(string text, string words) =>
        PeerSettings.FindIneffective(Parse(text)).ShouldHaveSingleItem().ShouldContain(words);

    [Theory]
    [InlineData("discovery = yes")]
    [InlineData("seeds = a.example.org")]
    [InlineData("seeds = localhost t")]
    [InlineData("seeds = a.example.org t70000")]
    [InlineData("onion_host = a.example.org t")]
    [InlineData("tor_proxy = 9050")]
    [InlineData("tor_proxy = localhost:0")]
    [InlineData("irc_channel = electrum-pot")]
    [InlineData("irc_channel = #a b")]
    public void A_mistake_is_an_error(string line) => Should.Throw<ConfigurationException>(() => Parse($"[peers]\n{line}\n")).Message.ShouldContain("line 2");

    [Theory]
    [InlineData("localhost:9050")]
    [InlineData("[::1]:9050")]
    public void A_proxy_may_be_named_or_have_an_ipv6_address(string proxy) => PeerSettings.Read(Parse($"[peers]\ntor_proxy = {proxy}\n")).TorProxy.ShouldNotBeNull();

    private static ServerConfiguration Parse(string text) => ConfigurationFile.Parse(text, "/etc/pot.conf");
}
