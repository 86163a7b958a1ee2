// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace ElectrumPot.Electrum.Transport;

internal enum ProxyHeaderStatus
{
    /// <summary>All bytes so far may be the beginning of a header.</summary>
    Incomplete,

    /// <summary>The connection does not begin with a header.</summary>
    Absent,

    /// <summary>It begins like a header and goes on otherwise.</summary>
    Malformed,

    Complete,
}

/// <summary>
/// What a proxy says before the first byte of a client: who the client is ("The PROXY protocol, Versions 1 &amp; 2",
/// HAProxy).
/// </summary>
internal static class ProxyHeader
{
    /// <summary>The longest line of version 1, with CR LF.</summary>
    public const int MaxV1Length = 107;

    /// <summary>Longest version 2 header taken: addresses, and room for the extensions that proxies add.</summary>
    public const int MaxV2Length = 16 + 4_096;

    private const int V2FixedLength = 16;
    private const byte LocalCommand = 0x20;
    private const byte ProxyCommand = 0x21;
    private const byte TcpOverIPv4 = 0x11;
    private const byte TcpOverIPv6 = 0x21;

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static ReadOnlySpan<byte> V1Signature => "PROXY "u8;

    private static ReadOnlySpan<byte> V2Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <param name="buffer">Everything received so far.</param>
    /// <param name="end">Where the client's own bytes begin, when complete.</param>
    /// <param name="client">Null when the proxy speaks for itself or does not know.</param>
    public static ProxyHeaderStatus Read(in ReadOnlySequence<byte> buffer, out SequencePosition end, out IPEndPoint? client)
    {
        end = buffer.Start;
        client = null;
        Span<byte> start = stackalloc byte[MaxV1Length];
        start = start[..(int)Math.Min(buffer.Length, start.Length)];
        buffer.Slice(0, start.Length).CopyTo(start);
        if (Begins(start, V2Signature)) return ReadV2(buffer, start, ref end, ref client);
        if (!Begins(start, V1Signature)) return ProxyHeaderStatus.Absent;

        int lineFeed = start.IndexOf((byte)'\n');
        if (lineFeed < 0) return start.Length < MaxV1Length ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.Malformed;
        if (lineFeed < V1Signature.Length || start[lineFeed - 1] != (byte)'\r' || !TryReadV1(start[V1Signature.Length..(lineFeed - 1)], out client))
            return ProxyHeaderStatus.Malformed;
        end = buffer.GetPosition(lineFeed + 1);
        return ProxyHeaderStatus.Complete;
    }

    /// <summary>Whether one is the beginning of the other.</summary>
    private static bool Begins(ReadOnlySpan<byte> received, ReadOnlySpan<byte> signature)
    {
        int common = Math.Min(received.Length, signature.Length);
        return received[..common].SequenceEqual(signature[..common]);
    }

    private static bool TryReadV1(ReadOnlySpan<byte> text, out IPEndPoint? client)
    {
        client = null;
        if (text.SequenceEqual("UNKNOWN"u8) || text.StartsWith("UNKNOWN "u8)) return true;
        bool isIPv4 = text.StartsWith("TCP4 "u8);
        if (!isIPv4 && !text.StartsWith("TCP6 "u8)) return false;
        Span<Range> fields = stackalloc Range[5];
        ReadOnlySpan<byte> rest = text[5..];
        int count = 0;
        foreach (Range field in rest.Split((byte)' '))
        {
            if (count == fields.Length) return false;
            fields[count++] = field;
        }

        if (count != 4
            || !TryReadAddress(rest[fields[0]], isIPv4, out IPAddress? source)
            || !TryReadAddress(rest[fields[1]], isIPv4, out _)
            || !TryReadPort(rest[fields[2]], out int port)
            || !TryReadPort(rest[fields[3]], out _))
            return false;
        client = new IPEndPoint(source!, port);
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, bool isIPv4, out IPAddress? address)
    {
        address = null;
        // Only the usual forms: no short ones, no zone, no brackets.
        if (text.ContainsAnyExcept(AddressBytes)) return false;
        if (isIPv4 && text.Count((byte)'.') != 3) return false;
        return IPAddress.TryParse(Encoding.ASCII.GetString(text), out address)
            && address.AddressFamily == (isIPv4 ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6);
    }

    private static bool TryReadPort(ReadOnlySpan<byte> text, out int port) =>
        Utf8Parser.TryParse(text, out port, out int used) && used == text.Length && port is >= 0 and <= IPEndPoint.MaxPort;

    private static ProxyHeaderStatus ReadV2(in ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> start, ref SequencePosition end, ref IPEndPoint? client)
    {
        if (start.Length < V2FixedLength) return ProxyHeaderStatus.Incomplete;
        byte command = start[12];
        int length = V2FixedLength + BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        if (command is not (LocalCommand or ProxyCommand) || length > MaxV2Length) return ProxyHeaderStatus.Malformed;
        int addressLength = start[13] switch
        {
            TcpOverIPv4 => 4,
            TcpOverIPv6 => 16,
            _ => 0,
        };
        // Two addresses and two ports; extensions may follow.
        if (command == ProxyCommand && addressLength > 0 && length < V2FixedLength + (2 * addressLength) + 4) return ProxyHeaderStatus.Malformed;
        if (buffer.Length < length) return ProxyHeaderStatus.Incomplete;
        if (command == ProxyCommand && addressLength > 0)
        {
            ReadOnlySpan<byte> addresses = start[V2FixedLength..];
            client = new IPEndPoint(
                new IPAddress(addresses[..addressLength]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * addressLength)..]));
        }

        end = buffer.GetPosition(length);
        return ProxyHeaderStatus.Complete;
    }
}
