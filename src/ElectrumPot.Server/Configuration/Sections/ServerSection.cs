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

    public static readonly ConfigurationOption<int?> TcpPort = Port("stratum_tcp_port", 50001, "Electrum protocol without encryption. Electrum-POT 1.9.8.1 can use only this one.");

    public static readonly ConfigurationOption<int?> TlsPort = Port("stratum_tcp_ssl_port", 50002, "Electrum protocol over TLS 1.2 and 1.3; what wallets use today.");

    public static readonly ConfigurationOption<int?> ReportTcpPort = Port(
        "report_stratum_tcp_port", null, "The TCP port as wallets reach it from outside, where a router or proxy changes it.", "the value of stratum_tcp_port");

    public static readonly ConfigurationOption<int?> ReportTlsPort = Port(
        "report_stratum_tcp_ssl_port", null, "The TLS port as wallets reach it from outside, where a router or proxy changes it.", "the value of stratum_tcp_ssl_port");

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

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        Coin, Host, ReportHost, TcpPort, TlsPort, ReportTcpPort, ReportTlsPort, CertificateFile, KeyFile, Banner, BannerFile, DonationAddress, TrustedProxies, Password,
        ProtocolMin, ProtocolMax, RequireNegotiation, RemovedMethods,
        LaterPort("websocket_port"), LaterPort("websocket_ssl_port"), LaterPort("stratum_http_port"), LaterPort("stratum_http_ssl_port"),
        LaterPort("report_stratum_http_port"), LaterPort("report_stratum_http_ssl_port"),
        new ConfigurationOption<bool>(Name, "irc", new BooleanKind(), defaultValue: false, "Discovery over IRC.") { NotServed = true },
        LaterText("irc_nick"), LaterText("datadir"),
        new ConfigurationOption<string>(Name, "backend", new ChoiceKind("leveldb", "libbitcoin", "abe"), "leveldb", "Storage of the 2014 server.") { NotServed = true },
    ];

    private static ConfigurationOption<int?> Port(string key, int? defaultValue, string description, string? defaultText = null) =>
        new(Name, key, new PortKind(defaultText is null ? "off" : "the default"), defaultValue, description) { DefaultText = defaultText };

    private static ConfigurationOption<int?> LaterPort(string key) =>
        new(Name, key, new PortKind(), defaultValue: null, "A transport that this version does not serve.") { NotServed = true };

    private static ConfigurationOption<string> LaterText(string key) =>
        new(Name, key, new TextKind(), "", "Without effect in this version.") { NotServed = true };
}
