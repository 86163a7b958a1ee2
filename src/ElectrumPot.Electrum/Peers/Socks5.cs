// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text;

namespace ElectrumPot.Electrum.Peers;

/// <summary>
/// SOCKS version 5 (RFC 1928) as Tor speaks it: no authentication, connect by name, so that the proxy resolves it.
/// </summary>
internal static class Socks5
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte Connect = 1;
    private const byte IPv4 = 1;
    private const byte Name = 3;
    private const byte IPv6 = 4;
    private const int PortLength = 2;

    /// <summary>Asks the proxy at the other end of the stream for a connection; then the stream is that connection.</summary>
    /// <param name="host">At most 255 ASCII characters.</param>
    /// <exception cref="IOException">The proxy refuses, or is none.</exception>
    public static async Task ConnectAsync(Stream proxy, string host, int port, CancellationToken cancellation)
    {
        await proxy.WriteAsync(new byte[] { Version, 1, NoAuthentication }, cancellation);
        byte[] choice = new byte[2];
        await proxy.ReadExactlyAsync(choice, cancellation);
        if (choice[0] != Version) throw new IOException("the Tor proxy does not speak SOCKS 5");
        if (choice[1] != NoAuthentication) throw new IOException("the Tor proxy wants a password");

        byte[] request = new byte[5 + host.Length + PortLength];
        request[0] = Version;
        request[1] = Connect;
        request[3] = Name;
        request[4] = checked((byte)host.Length);
        Encoding.ASCII.GetBytes(host, request.AsSpan(5));
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(5 + host.Length), (ushort)port);
        await proxy.WriteAsync(request, cancellation);

        byte[] reply = new byte[4];
        await proxy.ReadExactlyAsync(reply, cancellation);
        if (reply[0] != Version || reply[1] != 0) throw new IOException($"the Tor proxy cannot connect: {Explain(reply[1])}");
        // The proxy's own address and port; nobody needs them.
        byte[] rest = new byte[await ReadAddressLengthAsync(proxy, reply[3], cancellation) + PortLength];
        await proxy.ReadExactlyAsync(rest, cancellation);
    }

    private static async Task<int> ReadAddressLengthAsync(Stream proxy, byte type, CancellationToken cancellation)
    {
        switch (type)
        {
            case IPv4:
                return 4;
            case IPv6:
                return 16;
            case Name:
                byte[] length = new byte[1];
                await proxy.ReadExactlyAsync(length, cancellation);
                return length[0];
            default:
                throw new IOException("the Tor proxy's reply is malformed");
        }
    }

    private static string Explain(byte code) => code switch
    {
        2 => "not allowed",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "timed out",
        _ => $"code {code}",
    };
}
