// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ElectrumPot.Simulation;

namespace ElectrumPot.Tests.Simulation;

/// <param name="StatusLine">Empty when the server closed without a word.</param>
/// <param name="Headers">Name to value, in the order received.</param>
internal sealed record RawReply(string StatusLine, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public int Status => int.Parse(StatusLine.Split(' ')[1]);

    public string? Header(string name) => Headers.Where(header => header.Key == name).Select(header => header.Value).FirstOrDefault();

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A connection to a DevNode on which every byte is under control: an HTTP client would hide the quirks.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly DevNodeOptions _options;
    private readonly List<byte> _received = [];

    private RawHttp(DevNodeOptions options) => _options = options;

    public static async Task<RawHttp> ConnectAsync(DevNode node, CancellationToken cancellationToken)
    {
        var http = new RawHttp(node.Options);
        await http._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Port), cancellationToken);
        return http;
    }

    /// <summary>One call on a connection of its own.</summary>
    public static async Task<RawReply> CallAsync(DevNode node, string method, string parameters, CancellationToken cancellationToken)
    {
        using RawHttp http = await ConnectAsync(node, cancellationToken);
        return await http.CallAsync(method, parameters, cancellationToken);
    }

    public Task<RawReply> CallAsync(string method, string parameters, CancellationToken cancellationToken) =>
        PostAsync($$"""{"method":"{{method}}","params":{{parameters}},"id":1}""", cancellationToken);

    public Task<RawReply> PostAsync(string body, CancellationToken cancellationToken) => SendAsync("POST / HTTP/1.1", [], body, cancellationToken);

    public async Task<RawReply> SendAsync(
        string requestLine, IReadOnlyList<KeyValuePair<string, string>> headers, string body, CancellationToken cancellationToken)
    {
        await SendOnlyAsync(requestLine, headers, body, cancellationToken);
        return await ReceiveAsync(cancellationToken);
    }

    public async Task SendOnlyAsync(
        string requestLine, IReadOnlyList<KeyValuePair<string, string>> headers, string body, CancellationToken cancellationToken)
    {
        var text = new StringBuilder($"{requestLine}\r\nHost: 127.0.0.1\r\n");
        if (!headers.Any(header => header.Key == "Authorization"))
            text.Append("Authorization: ").Append(Basic(_options.User, _options.Password)).Append("\r\n");
        foreach ((string name, string value) in headers.Where(header => header.Value.Length > 0))
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (!headers.Any(header => header.Key is "Content-Length" or "Transfer-Encoding"))
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        text.Append("\r\n").Append(body);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    public async Task<RawReply> ReceiveAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = EndOfHeaders()) < 0)
        {
            if (!await ReceiveMoreAsync(cancellationToken)) return new RawReply("", [], "");
        }

        string[] lines = Encoding.ASCII.GetString([.. _received[..end]]).Split("\r\n");
        List<KeyValuePair<string, string>> headers = [.. lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
        int length = int.Parse(headers.Single(header => header.Key == "Content-Length").Value);
        _received.RemoveRange(0, end + 4);
        bool isOpen = true;
        while (_received.Count < length && isOpen)
            isOpen = await ReceiveMoreAsync(cancellationToken);
        int available = Math.Min(length, _received.Count);
        string body = Encoding.UTF8.GetString([.. _received[..available]]);
        _received.RemoveRange(0, available);
        return new RawReply(lines[0], headers, body);
    }

    /// <returns>True when the server has ended the connection; false when nothing happened for the time given.</returns>
    public async Task<bool> IsClosedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            return !await ReceiveMoreAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private int EndOfHeaders()
    {
        for (int i = 0; i + 3 < _received.Count; i++)
        {
            if (_received[i] == '\r' && _received[i + 1] == '\n' && _received[i + 2] == '\r' && _received[i + 3] == '\n') return i;
        }

        return -1;
    }

    private async Task<bool> ReceiveMoreAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count = await _socket.ReceiveAsync(buffer, cancellationToken);
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
