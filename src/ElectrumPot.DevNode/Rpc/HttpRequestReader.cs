// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Simulation;

internal sealed record HttpRequest(string Method, string Uri, bool KeepAlive, string? Authorization, byte[] Body);

/// <summary>
/// Reads requests as potcoind's own little HTTP server does: no chunked bodies, a length or nothing, and "close" only in
/// lower case (<c>ReadHTTPRequestLine</c>, <c>ReadHTTPMessage</c>).
/// </summary>
internal sealed class HttpRequestReader(Socket socket)
{
    private const int MaxHeaderLine = 16 * 1024;
    private const int MaxBody = 32 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <returns>Null when the connection has ended, or when potcoind would close it without a word.</returns>
    public async ValueTask<HttpRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await ReadLineAsync(cancellationToken) is not { } requestLine) return null;
        string[] words = requestLine.Split(' ');
        if (words.Length < 2 || words[0] is not ("GET" or "POST") || !words[1].StartsWith('/')) return null;
        bool isHttp11 = words.Length > 2 && words[2].StartsWith("HTTP/1.", StringComparison.Ordinal) && words[2] != "HTTP/1.0";

        string? connection = null;
        string? authorization = null;
        int length = 0;
        while (true)
        {
            if (await ReadLineAsync(cancellationToken) is not { } line) return null;
            if (line.Length == 0) break;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            string value = line[(colon + 1)..].Trim();
            switch (line[..colon].Trim().ToLowerInvariant())
            {
                case "connection":
                    connection = value;
                    break;
                case "authorization":
                    authorization = value;
                    break;
                case "content-length":
                    if (!int.TryParse(value, out length) || length is < 0 or > MaxBody) return null;
                    break;
            }
        }

        var body = new byte[length];
        if (!await FillAsync(body, cancellationToken)) return null;
        bool keepAlive = connection is "keep-alive" or not "close" && (connection == "keep-alive" || isHttp11);
        return new HttpRequest(words[0], words[1], keepAlive, authorization, body);
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length < MaxHeaderLine)
        {
            if (_start == _end && !await ReceiveAsync(cancellationToken)) return null;
            byte next = _buffer[_start++];
            if (next == (byte)'\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }

        return null;
    }

    private async ValueTask<bool> FillAsync(Memory<byte> body, CancellationToken cancellationToken)
    {
        while (!body.IsEmpty)
        {
            if (_start == _end && !await ReceiveAsync(cancellationToken)) return false;
            int count = Math.Min(_end - _start, body.Length);
            _buffer.AsSpan(_start, count).CopyTo(body.Span);
            _start += count;
            body = body[count..];
        }

        return true;
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await socket.ReceiveAsync(_buffer, cancellationToken);
        return _end > 0;
    }
}
