// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Hosting;

/// <summary>What the configuration means to the discovery of other servers.</summary>
internal static class PeerSettings
{
    private const int KiloByte = 1000;

    public static PeerOptions Read(ServerConfiguration configuration) => new()
    {
        Discovery = configuration.Get(PeersSection.Discovery) switch
        {
            PeersSection.On => PeerDiscovery.On,
            PeersSection.SelfOnly => PeerDiscovery.SelfOnly,
            _ => PeerDiscovery.Off,
        },
        Seeds = SeedsKind.Split(configuration.Get(PeersSection.Seeds)),
        Announce = configuration.Get(PeersSection.Announce),
        TorProxy = ProxyKind.TryRead(configuration.Get(PeersSection.TorProxy), out EndPoint? proxy) ? proxy : null,
        BlacklistFile = configuration.GetPath(PeersSection.BlacklistFile),
        StoreFile = Path.Combine(DataFolder.Locate(configuration), "peers.json"),
        MaxPeers = (int)configuration.Get(PeersSection.MaxPeers),
        MaxConcurrentChecks = (int)configuration.Get(PeersSection.MaxChecks),
        MaxReplyBytes = (int)configuration.Get(PeersSection.MaxReply) * KiloByte,
        HeightWindow = (int)configuration.Get(PeersSection.HeightWindow),
        CheckInterval = configuration.Get(ScheduleSection.PeerCheck),
        RetryInterval = configuration.Get(ScheduleSection.PeerRetry),
        Timeout = configuration.Get(PeersSection.Timeout),
        OnionTimeout = configuration.Get(PeersSection.OnionTimeout),
        Irc = configuration.Get(ServerSection.Irc) && configuration.Get(PeersSection.IrcServer) is { Length: > 0 } server ? Irc(configuration, server) : null,
    };

    /// <summary>The server's own names beyond the one of <c>host</c>.</summary>
    public static IEnumerable<AdvertisedHost> OnionHosts(ServerConfiguration configuration)
    {
        if (PeerAnnouncement.TryParse(configuration.Get(PeersSection.OnionHost), out PeerAnnouncement? onion))
            yield return new AdvertisedHost(onion.Host.Name) { TcpPort = onion.Ports.Tcp, TlsPort = onion.Ports.Tls };
    }

    /// <summary>What is asked for but cannot take effect, one sentence each.</summary>
    public static IEnumerable<string> FindIneffective(ServerConfiguration configuration)
    {
        bool isOn = configuration.Get(PeersSection.Discovery) == PeersSection.On;
        if (configuration.Get(ServerSection.Irc) && (!isOn || configuration.Get(PeersSection.IrcServer).Length == 0))
            yield return "[server] irc has no effect: it needs [peers] discovery = on and a network in [peers] irc_server; the one of 2014 is gone";
        if (configuration.Get(PeersSection.Seeds).Length > 0 && !isOn)
            yield return "[peers] seeds has no effect without [peers] discovery = on";
        if (configuration.Get(PeersSection.Discovery) != PeersSection.Off && PartOptions.AdvertisedHosts(configuration).Length == 0)
            yield return "[peers] discovery is set, but the server has no name to tell others: give [server] report_host";
    }

    private static IrcOptions Irc(ServerConfiguration configuration, string server) => new(server)
    {
        Port = configuration.Get(PeersSection.IrcPort) ?? 6667,
        Channel = configuration.Get(PeersSection.IrcChannel),
        Nick = configuration.Get(ServerSection.IrcNick),
        NamesInterval = configuration.Get(ScheduleSection.IrcNames),
    };
}
