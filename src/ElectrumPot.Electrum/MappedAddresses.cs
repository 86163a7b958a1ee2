// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum;

/// <summary>A socket that takes both families names IPv4 clients by a mapped IPv6 address.</summary>
internal static class MappedAddresses
{
    extension(IPAddress address)
    {
        /// <summary>The IPv4 address of a mapped one; any other as it is.</summary>
        public IPAddress Unmapped => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
