// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Electrum.Limits;

/// <summary>The first bits of an address: what counts as one client, or as one subnet.</summary>
internal readonly record struct NetworkKey(UInt128 Prefix, bool IsIPv4)
{
    private const int IPv4Bits = 32;
    private const int IPv6Bits = 128;

    /// <summary>What a provider gives to one customer at least.</summary>
    private const int IPv6HostBits = 64;

    public static NetworkKey OfAddress(IPAddress address) => Of(address, IPv4Bits, IPv6HostBits);

    /// <param name="ipv4Bits">0 to 32.</param>
    /// <param name="ipv6Bits">0 to 128.</param>
    public static NetworkKey Of(IPAddress address, int ipv4Bits, int ipv6Bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        address = address.Unmapped;
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return new NetworkKey(Keep(BinaryPrimitives.ReadUInt128BigEndian(bytes), IPv6Bits, ipv6Bits), IsIPv4: false);
        return new NetworkKey(Keep(BinaryPrimitives.ReadUInt32BigEndian(bytes), IPv4Bits, ipv4Bits), IsIPv4: true);
    }

    private static UInt128 Keep(UInt128 value, int width, int bits) => bits == 0 ? 0 : value >> (width - bits) << (width - bits);
}
