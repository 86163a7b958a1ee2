// SPDX-License-Identifier: MIT

using System.Net.Sockets;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// A socket that acknowledges at once. potcoind writes a reply in several small pieces with Nagle's algorithm on, so
/// each reply above some 4 KB waits for the 40 ms of a delayed acknowledgement. The kernel drops the option by
/// itself, hence it is set again before every receive (tcp(7), TCP_QUICKACK).
/// </summary>
internal sealed class QuickAckStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int IpProtoTcp = 6;
    private const int TcpQuickAck = 12;

    private static readonly byte[] On = BitConverter.GetBytes(1);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        AcknowledgeAtOnce();
        return base.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        AcknowledgeAtOnce();
        return base.ReadAsync(buffer, offset, count, cancellationToken);
    }

    public override int Read(Span<byte> buffer)
    {
        AcknowledgeAtOnce();
        return base.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        AcknowledgeAtOnce();
        return base.Read(buffer, offset, count);
    }

    private void AcknowledgeAtOnce()
    {
        try
        {
            Socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, On);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // A mere hint: if the connection is gone, the receive that follows says so in the way callers expect.
        }
    }
}
