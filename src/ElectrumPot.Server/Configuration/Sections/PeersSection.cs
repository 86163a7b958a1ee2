// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[peers]</c>: other servers, the only strangers that this one may contact by itself.</summary>
internal static class PeersSection
{
    public const string Name = "peers";
    public const string Off = "off";
    public const string SelfOnly = "self";
    public const string On = "on";

    public static readonly ConfigurationOption<string> Discovery = new(
        Name, "discovery", new ChoiceKind(Off, SelfOnly, On), Off,
        "off: wallets are told of no server, and no server is contacted. self: wallets are told of this server only. on: other servers are sought, checked and told to wallets, and learn of this one.");

    public static readonly ConfigurationOption<string> Seeds = new(
        Name, "seeds", new SeedsKind(), "",
        "Servers to begin with, each as host and ports, separated by commas: electrum.example.org t s, other.example.org s50012. t is TCP and s is TLS; without a number they are 50001 and 50002.");

    public static readonly ConfigurationOption<bool> Announce = new(
        Name, "announce", new BooleanKind(), defaultValue: true,
        "Whether servers that are found are asked to add this one. It needs a public name in host or report_host.");

    public static readonly ConfigurationOption<string> OnionHost = new(
        Name, "onion_host", new OnionHostKind(), "", "The .onion name under which this server is reached through Tor, with its ports: NAME.onion t50001.");

    public static readonly ConfigurationOption<string> TorProxy = new(
        Name, "tor_proxy", new ProxyKind(), "",
        "Tor's SOCKS port, such as 127.0.0.1:9050, for .onion servers; without it they are left out. Other servers are contacted directly.");

    public static readonly ConfigurationOption<string> BlacklistFile = new(
        Name, "blacklist_file", new TextKind("a file"), "",
        "A JSON list of servers that are not wanted: hosts, *.domain for all hosts of a domain, IP addresses. A change takes effect within seconds.");

    public static readonly ConfigurationOption<long> MaxPeers = Number(
        "max_peers", 10, 10_000, "servers", 500, "Servers remembered, those that fail included.");

    public static readonly ConfigurationOption<long> MaxChecks = Number("max_checks", 1, 64, "servers", 8, "Servers checked at the same time.");

    public static readonly ConfigurationOption<long> MaxReply = Number(
        "max_reply_kb", 100, 10_000, "kB", 1_000, "Longest reply of another server; one that sends more is bad.");

    public static readonly ConfigurationOption<long> HeightWindow = Number(
        "height_window", 1, 1_000, "blocks", 20, "By how much the height of another server may differ.");

    public static readonly ConfigurationOption<TimeSpan> Timeout = Time(
        "timeout", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), "How long another server may take to be connected, and again to answer.");

    public static readonly ConfigurationOption<TimeSpan> OnionTimeout = Time(
        "onion_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(120), "The same for .onion servers.");

    public static readonly ConfigurationOption<string> IrcServer = new(
        Name, "irc_server", new TextKind("a host name or an IP address"), "",
        "The IRC network for [server] irc. There is no default: the network of 2014 is gone.");

    public static readonly ConfigurationOption<int?> IrcPort = new(Name, "irc_port", new PortKind("the default"), 6667, "Its port, without encryption.");

    public static readonly ConfigurationOption<string> IrcChannel = new(
        Name, "irc_channel", new IrcChannelKind(), "#electrum-pot", "The channel in which servers meet.");

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        Discovery, Seeds, Announce, OnionHost, TorProxy, BlacklistFile, MaxPeers, MaxChecks, MaxReply, HeightWindow, Timeout, OnionTimeout,
        IrcServer, IrcPort, IrcChannel,
    ];

    private static ConfigurationOption<long> Number(string key, long min, long max, string unit, long defaultValue, string description) =>
        new(Name, key, new NumberKind(min, max, unit), defaultValue, description);

    private static ConfigurationOption<TimeSpan> Time(string key, TimeSpan min, TimeSpan max, TimeSpan defaultValue, string description) =>
        new(Name, key, new DurationKind(min, max), defaultValue, description);
}
