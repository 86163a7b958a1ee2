// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Electrum.Peers;

/// <summary>The network as peers are reached through it: the real one, or a test's.</summary>
internal class PeerNetwork
{
    public static PeerNetwork Internet { get; } = new();

    /// <summary>Whether strangers may send us there.</summary>
    public virtual bool IsPublic(IPAddress address) => AddressRules.IsPublic(address);

    /// <exception cref="SocketException">The name does not resolve.</exception>
    public virtual Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation) => Dns.GetHostAddressesAsync(name, cancellation);

    /// <exception cref="SocketException">Nobody answers.</exception>
    public virtual async Task<Stream> ConnectAsync(EndPoint target, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
