// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[server]</c>: what wallets see.</summary>
internal static class ServerSection
{
    public const string Name = "server";

    /// <summary>Where the 2014 server looked for a banner without being told.</summary>
    public const string BannerFileOf2014 = "/etc/electrum-pot.banner";

    public static readonly ConfigurationOption<string> Coin = new(
        Name, "coin", new TextKind("the name of a coin: potcoin, bitcoin-regtest, litecoin-regtest or one defined in a [coin:NAME] section"), "potcoin",
        "The coin that is served.");

    public static readonly ConfigurationOption<string> Host = new(
        Name, "host", new TextKind("localhost, an IP address of this machine, or the name under which wallets reach it"), "localhost",
        "localhost serves this machine only. An IP address listens on that address. Any other name listens on all addresses and is the name in the certificate; 0.0.0.0 listens on all without giving a name.")
    {
        Essential = true,
    };

    public static readonly ConfigurationOption<string> ReportHost = new(
        Name, "report_host", new TextKind("a host name or an IP address"), "",
        "The name that is told to wallets and written into the certificate where it differs from host, for instance behind a router.")
    {
        DefaultText = "the value of host",
    };

    public static readonly ConfigurationOption<int?> TcpPort = Port(
        "stratum_tcp_port", 50001, "Electrum protocol without encryption. Transports that are given the same port share it: the first bytes of a connection tell which one it is.");

    public static readonly ConfigurationOption<int?> TlsPort = Port("stratum_tcp_ssl_port", 50002, "Electrum protocol over TLS 1.2 and 1.3; what wallets use today.");

    public static readonly ConfigurationOption<int?> WebSocketPort = Port("websocket_port", 50003, "WebSocket without encryption, for wallets in a browser on this machine or behind a proxy.");

    public static readonly ConfigurationOption<int?> WebSocketTlsPort = Port(
        "websocket_ssl_port", 50004, "WebSocket over TLS, for wallets in a browser. Browsers want a certificate of a known authority.");

    public static readonly ConfigurationOption<int?> HttpPort = Port("stratum_http_port", 8081, "Polling over HTTP, as Electrum and Electrum-POT had it until 2016.");

    public static readonly ConfigurationOption<int?> HttpTlsPort = Port("stratum_http_ssl_port", 8082, "Polling over HTTPS.");

    public static readonly ConfigurationOption<int?> ReportTcpPort = ReportPort(TcpPort, "report_stratum_tcp_port", "TCP");

    public static readonly ConfigurationOption<int?> ReportTlsPort = ReportPort(TlsPort, "report_stratum_tcp_ssl_port", "TLS");

    public static readonly ConfigurationOption<int?> ReportWebSocketPort = ReportPort(WebSocketPort, "report_websocket_port", "WebSocket");

    public static readonly ConfigurationOption<int?> ReportWebSocketTlsPort = ReportPort(WebSocketTlsPort, "report_websocket_ssl_port", "encrypted WebSocket");

    public static readonly ConfigurationOption<int?> ReportHttpPort = ReportPort(HttpPort, "report_stratum_http_port", "HTTP");

    public static readonly ConfigurationOption<int?> ReportHttpTlsPort = ReportPort(HttpTlsPort, "report_stratum_http_ssl_port", "HTTPS");

    public static readonly ConfigurationOption<string> CertificateFile = new(
        Name, "ssl_certfile", new TextKind("a file"), "",
        "Certificate in PEM form, the chain may follow. Made by the server, self-signed for 20 years, where the file does not exist; never overwritten. Keep a backup: wallets remember it.")
    {
        DefaultText = "server.crt in the data folder, see [rocksdb] path",
    };

    public static readonly ConfigurationOption<string> KeyFile = new(
        Name, "ssl_keyfile", new TextKind("a file"), "", "Private key of the certificate in PEM form, without a password.")
    {
        DefaultText = "server.key in the data folder",
    };

    public static readonly ConfigurationOption<string> Banner = new(
        Name, "banner", new TextKind(), "Welcome to Electrum-POT!", "Text shown in the console of wallets; \\n begins a new line.");

    public static readonly ConfigurationOption<string> BannerFile = new(
        Name, "banner_file", new TextKind("a file"), "", "A file with the banner, instead of banner.")
    {
        DefaultText = $"{BannerFileOf2014} if it exists",
    };

    public static readonly ConfigurationOption<string> DonationAddress = new(
        Name, "donation_address", new TextKind("an address of the coin"), "", "Where thankful users send coins; shown by wallets.");

    public static readonly ConfigurationOption<AddressList> TrustedProxies = new(
        Name, "trusted_proxies", new AddressListKind(), AddressList.Empty,
        "Proxies in front of this server, whose word is taken for the address of a client. On the stratum ports each of their connections has to begin with a PROXY protocol header (HAProxy: send-proxy or send-proxy-v2; nginx: proxy_protocol on). On WebSocket and HTTP ports they may send X-Forwarded-For instead. See docs/limits.md.");

    public static readonly ConfigurationOption<string> Password = new(
        Name, "password", new TextKind(), "", "Asked from 'electrum-pot-server stop', so that not every user of this machine can stop the server. Empty: not asked.")
    {
        Secret = true,
    };

    public static readonly ConfigurationOption<ProtocolVersion> ProtocolMin = new(
        Name, "protocol_min", new ProtocolVersionKind(), ProtocolVersion.Oldest, "The oldest version of the Electrum protocol that is agreed upon. Raising it locks old wallets out.");

    public static readonly ConfigurationOption<ProtocolVersion> ProtocolMax = new(
        Name, "protocol_max", new ProtocolVersionKind(), ProtocolVersion.Newest, "The newest version of the Electrum protocol that is agreed upon. 1.7 is a draft that no released wallet asks for.");

    public static readonly ConfigurationOption<bool> RequireNegotiation = new(
        Name, "require_negotiation", new BooleanKind(), defaultValue: false, "Whether a connection that does not begin with server.version is closed. It locks out Electrum up to 3.2 and many scripts.");

    public static readonly ConfigurationOption<bool> RemovedMethods = new(
        Name, "removed_methods", new BooleanKind(), defaultValue: true, "Whether methods that a newer version of the protocol no longer has stay callable under it, such as address methods. No wallet is harmed by them.");

    public static readonly ConfigurationOption<bool> Irc = new(
        Name, "irc", new BooleanKind(), defaultValue: false,
        "Whether servers are sought in an IRC channel and this one shows itself there, as in 2014. It needs [peers] discovery = on and [peers] irc_server.");

    public static readonly ConfigurationOption<string> IrcNick = new(
        Name, "irc_nick", new IrcNickKind(), "", "The nick in that channel, after the coin's prefix.")
    {
        DefaultText = "made from the host name",
    };

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        Coin, Host, ReportHost, TcpPort, TlsPort, WebSocketPort, WebSocketTlsPort, HttpPort, HttpTlsPort, ReportTcpPort, ReportTlsPort,
        ReportWebSocketPort, ReportWebSocketTlsPort, ReportHttpPort, ReportHttpTlsPort, CertificateFile, KeyFile, Banner, BannerFile, DonationAddress, TrustedProxies, Password,
        Irc, IrcNick, ProtocolMin, ProtocolMax, RequireNegotiation, RemovedMethods,
        LaterText("datadir"),
        new ConfigurationOption<string>(Name, "backend", new ChoiceKind("leveldb", "libbitcoin", "abe"), "leveldb", "Storage of the 2014 server.") { NotServed = true },
    ];

    private static ConfigurationOption<int?> Port(string key, int defaultValue, string description) =>
        new(Name, key, new PortKind("off"), defaultValue, description);

    private static ConfigurationOption<int?> ReportPort(ConfigurationOption<int?> port, string key, string name) =>
        new(Name, key, new PortKind("the default"), defaultValue: null, $"The {name} port as wallets reach it from outside, where a router or proxy changes it.")
        {
            DefaultText = $"the value of {port.Key}",
        };

    private static ConfigurationOption<string> LaterText(string key) =>
        new(Name, key, new TextKind(), "", "Without effect in this version.") { NotServed = true };
}
