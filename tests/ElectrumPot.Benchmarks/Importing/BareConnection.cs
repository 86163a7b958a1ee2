// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>A socket to a daemon that sends the server's own batches and, where they are not wanted, does not even look at the replies.</summary>
internal sealed class BareConnection : IDisposable
{
    private const int MaxHead = 16 << 10;

    private readonly QuickAckStream _stream;
    private readonly string _head;
    private readonly byte[] _buffer = new byte[256 << 10];

    private BareConnection(Socket socket, DaemonEndpoint endpoint)
    {
        _stream = new QuickAckStream(socket);
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{endpoint.User}:{endpoint.Password}"));
        _head = $"POST / HTTP/1.1\r\nHost: {endpoint.Host}\r\nAuthorization: Basic {credentials}\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    public static async Task<BareConnection> OpenAsync(DaemonEndpoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellation);
        return new BareConnection(socket, endpoint);
    }

    /// <summary>Sends a batch and reads the reply to its end.</summary>
    /// <param name="keep">Receives the body; null throws it away.</param>
    /// <returns>Bytes of the body.</returns>
    public async Task<long> AskAsync(RpcBatch batch, Stream? keep, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = batch.ToBody();
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_head}{body.Length}\r\n\r\n")), cancellation);
        await _stream.WriteAsync(body, cancellation);

        int filled = 0;
        int end;
        while ((end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (filled > MaxHead) throw new InvalidOperationException("the daemon does not answer in HTTP");
            filled += await ReceiveAsync(_buffer.AsMemory(filled), cancellation);
        }

        string head = Encoding.ASCII.GetString(_buffer, 0, end);
        if (!head.Contains(" 200 ", StringComparison.Ordinal)) throw new InvalidOperationException($"the daemon refuses: {head.Split('\r')[0]}");
        long length = LengthOf(head);
        int first = filled - end - 4;
        keep?.Write(_buffer, end + 4, first);
        for (long left = length - first; left > 0;)
        {
            int received = await ReceiveAsync(_buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length)), cancellation);
            keep?.Write(_buffer, 0, received);
            left -= received;
        }

        return length;
    }

    public void Dispose() => _stream.Dispose();

    private static long LengthOf(string head)
    {
        const string Name = "Content-Length:";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        int end = head.IndexOf('\r', at);
        return long.Parse(head.AsSpan(at, (end < 0 ? head.Length : end) - at), CultureInfo.InvariantCulture);
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        int received = await _stream.ReadAsync(buffer, cancellation);
        return received > 0 ? received : throw new InvalidOperationException("the daemon closed the connection");
    }
}
