// SPDX-License-Identifier: MIT

using System.Net.Sockets;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// A socket that acknowledges at once. potcoind writes a reply in several small pieces with Nagle's algorithm on, so
/// each reply above some 4 KB waits for the 40 ms of a delayed acknowledgement. The kernel drops the option by
/// itself, hence it is set again before every receive (tcp(7), TCP_QUICKACK).
/// </summary>
internal sealed class QuickAckStream(Socket socket) : Stream
{
    private const int IpProtoTcp = 6;
    private const int TcpQuickAck = 12;

    private static readonly byte[] On = BitConverter.GetBytes(1);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        AcknowledgeAtOnce();
        return socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        AcknowledgeAtOnce();
        return socket.Receive(buffer, SocketFlags.None);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
            buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken)..];
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        ReadOnlySpan<byte> left = buffer.AsSpan(offset, count);
        while (!left.IsEmpty)
            left = left[socket.Send(left, SocketFlags.None)..];
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private void AcknowledgeAtOnce() => socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, On);
}
