// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>An address behind which one node can take the place of another.</summary>
internal sealed class NodeSwitch : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private CancellationTokenSource _connections = new();
    private bool _isDisposed;
    private int _target;

    public NodeSwitch(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends all connections; the next ones lead to another port.</summary>
    public void TurnTo(int port)
    {
        lock (_gate)
        {
            _target = port;
            _connections.Cancel();
            _connections = new CancellationTokenSource();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _listener.Stop();
        await _connections.CancelAsync();
        await _accepting;
        _connections.Dispose();
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        while (!_isDisposed)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                lock (_gate) passing.Add(PassOnAsync(client, _target, _connections.Token));
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(passing);
    }

    private static async Task PassOnAsync(TcpClient client, int target, CancellationToken cancellation)
    {
        using TcpClient near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, cancellation);
            NetworkStream here = near.GetStream();
            NetworkStream there = far.GetStream();
            await Task.WhenAny(here.CopyToAsync(there, cancellation), there.CopyToAsync(here, cancellation));
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone, or another node takes over.
        }
    }
}
