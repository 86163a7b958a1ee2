// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Tests.Daemon;

/// <summary>
/// A daemon for tests on a socket of its own: answers calls with what it is told, and misbehaves on command. It is
/// written on plain sockets, so that every byte that arrives and leaves is under control.
/// </summary>
internal sealed class ScriptedDaemon : IAsyncDisposable
{
    private readonly ReservedPort _port;
    private readonly Func<RpcCall, string> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _clients = [];
    private readonly Task _accepting;
    private int _connections;
    private int _busy;
    private int _mostBusy;

    /// <param name="answer">The members of an answer but its id, such as <c>"result":1,"error":null</c>.</param>
    public ScriptedDaemon(Func<RpcCall, string> answer, ReservedPort? port = null)
    {
        _answer = answer;
        _port = port ?? new ReservedPort();
        _port.Socket.Listen();
        Port = _port.Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Asked for every request; null for the ordinary answer.</summary>
    public Func<ScriptedRequest, ScriptedReply?> Misbehave { get; set; } = static _ => null;

    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Most requests that were under way at the same time.</summary>
    public int MostBusy => Volatile.Read(ref _mostBusy);

    public int Count(string method) => Requests.Count(request => request.Has(method));

    public static string Result(string json) => $"\"result\":{json},\"error\":null";

    public static string Error(int code, string message) => $$"""
        "result":null,"error":{"code":{{code}},"message":"{{message}}"}
        """;

    public ScriptedReply Answer(ScriptedRequest request) =>
        ScriptedReply.Ok($"[{string.Join(',', request.Calls.Select(call => $"{{{_answer(call)},\"id\":{call.Id}}}"))}]\n");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _port.Dispose();
        foreach (Socket client in _clients)
            client.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _port.Socket.AcceptAsync(_stop.Token);
            _clients.Add(client);
            _ = ServeAsync(client, Interlocked.Increment(ref _connections));
        }
    }

    private async Task ServeAsync(Socket client, int connection)
    {
        using (client)
        {
            try
            {
                await using var stream = new NetworkStream(client);
                while (await ReadRequestAsync(stream, connection) is { } request)
                {
                    Requests.Enqueue(request);
                    InterlockedMax(ref _mostBusy, Interlocked.Increment(ref _busy));
                    try
                    {
                        ScriptedReply reply = Misbehave(request) ?? Answer(request);
                        await SendAsync(stream, reply);
                        if (reply.Close) return;
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _busy);
                    }
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The other side left, or the test is over.
            }
        }
    }

    private async Task<ScriptedRequest?> ReadRequestAsync(NetworkStream stream, int connection)
    {
        const string Length = "Content-Length: ";
        byte[] one = new byte[1];
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Append((char)one[0]);
        }

        string text = head.ToString();
        int at = text.IndexOf(Length, StringComparison.Ordinal) + Length.Length;
        byte[] body = new byte[int.Parse(text[at..text.IndexOf('\r', at)])];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new ScriptedRequest(connection, text, Encoding.UTF8.GetString(body));
    }

    private async Task SendAsync(NetworkStream stream, ScriptedReply reply)
    {
        if (reply.Until is { } until)
            await until.WaitAsync(_stop.Token);
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(reply.Text);
        while (!bytes.IsEmpty)
        {
            int size = reply.PieceSize == 0 ? bytes.Length : Math.Min(reply.PieceSize, bytes.Length);
            await stream.WriteAsync(bytes[..size], _stop.Token);
            bytes = bytes[size..];
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is var now && now != seen)
            seen = now;
    }
}
