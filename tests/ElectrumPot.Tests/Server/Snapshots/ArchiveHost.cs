// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Tests.Server.Snapshots;

/// <summary>A web server of few words: each path has an answer that a test wrote, byte for byte.</summary>
internal sealed class ArchiveHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (string Head, byte[] Body, bool Hangs)> _answers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _askedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private string? _pausing;
    private int _asked;

    public ArchiveHost()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address(string path) => $"http://127.0.0.1:{Port}/{path}";

    public void Serve(string path, byte[] body) => _answers[path] = ($"200 OK\r\nContent-Length: {body.Length}", body, false);

    /// <summary>The connection ends with this body, however much was announced.</summary>
    public void ServeCut(string path, byte[] body, int announced) => _answers[path] = ($"200 OK\r\nContent-Length: {announced}", body, false);

    /// <summary>Nothing follows this body, and the connection stays open.</summary>
    public void ServeHanging(string path, byte[] body, int announced) => _answers[path] = ($"200 OK\r\nContent-Length: {announced}", body, true);

    /// <summary>A body with a name.</summary>
    public void ServeNamed(string path, byte[] body, string name) =>
        _answers[path] = ($"200 OK\r\nContent-Length: {body.Length}\r\nContent-Disposition: attachment; filename=\"{name}\"", body, false);

    /// <summary>The body of this path follows its head only when the path is asked for once more, which gets no answer at all.</summary>
    public void PauseUntilAskedAgain(string path) => _pausing = path;

    public void Redirect(string path, string to) => _answers[path] = ($"302 Found\r\nLocation: {to}\r\nContent-Length: 0", [], false);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true) answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using TcpClient client = connection;
        try
        {
            NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            string path = (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ')[1][1..];
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                continue;
            bool isPausing = path == _pausing;
            if (isPausing && Interlocked.Increment(ref _asked) > 1)
            {
                _askedAgain.TrySetResult();
                return;
            }

            (string head, byte[] body, bool hangs) = _answers.GetValueOrDefault(path, ("404 Not Found\r\nContent-Length: 0", [], false));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"), _stop.Token);
            if (isPausing) await _askedAgain.Task.WaitAsync(_stop.Token);
            await stream.WriteAsync(body, _stop.Token);
            if (hangs) await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // The other side went away, or the test is over.
        }
    }
}
