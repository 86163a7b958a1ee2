// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Electrum.Peers;

/// <summary>What IP addresses are worth to strangers.</summary>
internal static class AddressRules
{
    /// <summary>Networks that mean nothing, or something else, to others (IANA special-purpose address registries).</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether the address is reachable for everybody: neither private, local, multicast, reserved nor a tunnel's.</summary>
    public static bool IsPublic(IPAddress address)
    {
        address = address.Unmapped;
        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !NotPublic.Any(network => network.Contains(address));
    }

    /// <summary>Whom one operator may be: IPv4 by /16, IPv6 by /56 (protocol, "What to return in server.peers.subscribe").</summary>
    public static IPNetwork OperatorBucket(IPAddress address) => Bucket(address, ipv4Bits: 16, ipv6Bits: 56);

    /// <summary>What counts as one server: one IPv4 address, an IPv6 /64.</summary>
    public static IPNetwork ServerBucket(IPAddress address) => Bucket(address, ipv4Bits: 32, ipv6Bits: 64);

    private static IPNetwork Bucket(IPAddress address, int ipv4Bits, int ipv6Bits)
    {
        address = address.Unmapped;
        byte[] bytes = address.GetAddressBytes();
        int bits = bytes.Length == 4 ? ipv4Bits : ipv6Bits;
        // Both limits are whole bytes.
        bytes.AsSpan(bits / 8).Clear();
        return new IPNetwork(new IPAddress(bytes), bits);
    }
}
