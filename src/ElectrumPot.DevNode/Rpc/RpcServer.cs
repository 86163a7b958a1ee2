// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ElectrumPot.Simulation;

/// <summary>
/// potcoind's HTTP server with all its manners: a fixed number of connections served at a time while the others wait
/// in the backlog, no idle timeout, a closed connection after each failed call.
/// </summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private const int Backlog = 128;
    private const int LongPassword = 20;
    private static readonly TimeSpan WrongPasswordDelay = TimeSpan.FromMilliseconds(250);

    private readonly DevNodeOptions _options;
    private readonly Faults _faults;
    private readonly RpcDispatcher _dispatcher;
    private readonly HttpReplyWriter _writer;
    private readonly byte[] _credentials;
    private readonly CancellationTokenSource _disposed = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Socket, bool> _connections = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _workers = [];
    private Socket? _listener;
    private int _connectionsAccepted;

    public RpcServer(DevNodeOptions options, Faults faults, RpcMethods methods)
    {
        _options = options;
        _faults = faults;
        _dispatcher = new RpcDispatcher(methods);
        _writer = new HttpReplyWriter(options, faults);
        _credentials = Encoding.UTF8.GetBytes($"{options.User}:{options.Password}");
        faults.RefuseConnectionsChanged = OnRefuseConnectionsChanged;
    }

    public int Port { get; private set; }

    public Task Stopped => _stopped.Task;

    public int ConnectionsAccepted => Volatile.Read(ref _connectionsAccepted);

    public void Start()
    {
        lock (_gate)
        {
            Port = _options.Port;
            Listen();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _faults.RefuseConnectionsChanged = null;
        await _disposed.CancelAsync();
        Task[] workers;
        lock (_gate)
        {
            Close();
            workers = [.. _workers];
        }

        await Task.WhenAll(workers);
        _stopped.TrySetResult();
        _disposed.Dispose();
    }

    private void OnRefuseConnectionsChanged()
    {
        lock (_gate)
        {
            if (_faults.RefuseConnections)
                Close();
            else if (_listener is null && Port != 0)
                Listen();
        }
    }

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(Backlog);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _listener = listener;
        _workers.RemoveAll(worker => worker.IsCompleted);
        for (int i = 0; i < _options.RpcThreads; i++)
            _workers.Add(Task.Run(() => WorkAsync(listener), CancellationToken.None));
    }

    private void Close()
    {
        _listener?.Dispose();
        _listener = null;
        foreach (Socket connection in _connections.Keys)
            connection.Dispose();
    }

    /// <summary>One of potcoind's RPC threads: it serves a connection to its end before it accepts another.</summary>
    private async Task WorkAsync(Socket listener)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await listener.AcceptAsync(_disposed.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The listener was closed: shutdown, the stop call, or the fault that refuses connections.
                return;
            }

            Interlocked.Increment(ref _connectionsAccepted);
            using (connection)
            {
                _connections[connection] = true;
                try
                {
                    if (!IsOpen(listener)) return;
                    await ServeAsync(connection, _disposed.Token);
                }
                catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
                {
                    // The client went away, or the connection was closed from here.
                }
                finally
                {
                    _connections.TryRemove(connection, out _);
                }
            }

            if (_dispatcher.StopRequested)
                FinishStop(listener);
        }
    }

    private bool IsOpen(Socket listener)
    {
        lock (_gate) return ReferenceEquals(_listener, listener);
    }

    /// <summary>After <c>stop</c> nothing new is accepted, and the end comes when the last client has closed its socket.</summary>
    private void FinishStop(Socket listener)
    {
        lock (_gate)
        {
            listener.Dispose();
            _listener = null;
            if (_connections.IsEmpty)
                _stopped.TrySetResult();
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        connection.NoDelay = !_options.SlowWrites;
        var reader = new HttpRequestReader(connection);
        bool keepAlive = true;
        while (keepAlive && await reader.ReadAsync(cancellationToken) is { } request)
        {
            await _faults.WaitWhileHanging(cancellationToken);
            if (_faults.DelayReplies is var delay && delay > TimeSpan.Zero)
                await Task.Delay(delay, _options.TimeProvider, cancellationToken);
            keepAlive = await AnswerAsync(connection, request, cancellationToken);
        }

        // What the client still sends must not turn the reply into a reset.
        connection.Shutdown(SocketShutdown.Send);
    }

    /// <returns>Whether the connection stays open.</returns>
    private async Task<bool> AnswerAsync(Socket connection, HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Uri != "/")
        {
            await _writer.WriteAsync(connection, 404, [], keepAlive: false, cancellationToken);
            return false;
        }

        if (!IsAuthorised(request.Authorization))
        {
            if (request.Authorization is not null && _options.Password.Length < LongPassword)
                await Task.Delay(WrongPasswordDelay, cancellationToken);
            await _writer.WriteUnauthorizedAsync(connection, cancellationToken);
            return false;
        }

        RpcReply reply = _dispatcher.Handle(request.Body);
        bool keepAlive = request.KeepAlive && reply.Status == 200;
        return await _writer.WriteAsync(connection, reply.Status, reply.Body, keepAlive, cancellationToken) && keepAlive;
    }

    private bool IsAuthorised(string? authorization)
    {
        const string Basic = "Basic ";
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.Ordinal)) return false;
        var given = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), given, out int length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), _credentials);
    }
}
