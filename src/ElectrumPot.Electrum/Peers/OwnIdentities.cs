// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum.Peers;

/// <summary>The names under which this server is known outside, checked as those of others are.</summary>
internal sealed class OwnIdentities
{
    private readonly HashSet<string> _names;

    public OwnIdentities(IReadOnlyList<AdvertisedHost> hosts, Func<IPAddress, bool> isPublic)
    {
        _names = hosts.Select(host => host.Name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        Public = [.. hosts.Where(host => PeerHost.TryParse(host.Name, out PeerHost? parsed) && (parsed.Address is null || isPublic(parsed.Address)))];
        IsOnionOnly = Public.Count > 0 && Public.All(IsOnion);
        Clearnet = Public.FirstOrDefault(host => !IsOnion(host) && PortsOf(host).IsUsable);
        if (Clearnet is not null && PeerHost.TryParse(Clearnet.Name, out PeerHost? clearnet))
            ClearnetAnnouncement = new PeerAnnouncement(clearnet, PortsOf(Clearnet));
    }

    /// <summary>Those that mean something to strangers.</summary>
    public IReadOnlyList<AdvertisedHost> Public { get; }

    /// <summary>The one that other servers are told of; null when there is none.</summary>
    public AdvertisedHost? Clearnet { get; }

    /// <summary><see cref="Clearnet"/> as a well informed peer lists it.</summary>
    public PeerAnnouncement? ClearnetAnnouncement { get; }

    /// <summary>
    /// Known to strangers, but by .onion names alone: whoever is contacted in the clear, or seen in DNS, learns the
    /// address that Tor hides.
    /// </summary>
    public bool IsOnionOnly { get; }

    /// <summary>Whether contact with the host gives nothing away.</summary>
    public bool MayContact(PeerHost host) => host.IsOnion || !IsOnionOnly;

    public bool Includes(PeerHost host) => _names.Contains(host.Name);

    private static bool IsOnion(AdvertisedHost host) => PeerHost.TryParse(host.Name, out PeerHost? parsed) && parsed.IsOnion;

    private static PeerPorts PortsOf(AdvertisedHost host) => new(host.TcpPort, host.TlsPort);
}
