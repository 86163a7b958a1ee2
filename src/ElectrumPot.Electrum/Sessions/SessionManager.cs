// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Methods;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>All sessions: runs each, sends those away that are silent or do not read.</summary>
public sealed partial class SessionManager
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Entry> _sessions = new();
    private readonly ServerContext _server;
    private readonly Dispatcher _dispatcher;
    private readonly ILogger _log;
    private long _lastId;

    internal SessionManager(ServerContext server, ILogger log)
    {
        _server = server;
        _dispatcher = new Dispatcher(MethodTable.All, log);
        _log = log;
    }

    public int Count => _sessions.Count;

    /// <summary>Pairs of script and subscribing session.</summary>
    public int SubscriptionCount => _server.Subscriptions.Count;

    /// <summary>A moment's list, in no order.</summary>
    public IEnumerable<Session> Sessions => _sessions.Select(pair => pair.Value.Session);

    /// <summary>Serves one client to its end. Whatever goes wrong stays with it.</summary>
    /// <param name="output">Takes complete messages, each with an LF behind it.</param>
    /// <param name="receive">Hands the client's messages to the handler until there are no more.</param>
    internal async Task RunAsync(ClientConnection client, PipeWriter output, Func<RequestHandler, Task> receive, CancellationToken shutdown)
    {
        long id = Interlocked.Increment(ref _lastId);
        var session = new Session(id, client, output, _server);
        var handler = new RequestHandler(session, _dispatcher, shutdown);
        var entry = new Entry(session, client);
        _sessions[id] = entry;
        LogOpened(id, session.Peer, client.Transport.Name);
        string reason = "failed";
        try
        {
            await ReceiveAsync(handler, receive);
            await handler.DrainAsync();
            reason = entry.AbortReason ?? (session.Output.Overflowed ? "slow-reader" : handler.Reason);
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException)
        {
            reason = entry.AbortReason ?? "connection-lost";
        }
        catch (Exception failure)
        {
            _server.Chain.Report(failure);
            LogFailed(failure, id, session.Peer);
        }
        finally
        {
            _sessions.TryRemove(id, out _);
            session.Close();
            LogClosed(id, session.Peer, reason, session.Requests, session.Version.ToString(), session.ClientName);
        }
    }

    /// <summary>Looks after all sessions until cancelled.</summary>
    internal async Task SweepAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SweepInterval, _server.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                foreach (Entry entry in _sessions.Values)
                    Sweep(entry);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>Sends everybody away who is still here.</summary>
    internal void AbortAll(string reason)
    {
        foreach (Entry entry in _sessions.Values)
            entry.Abort(reason);
    }

    private static async Task ReceiveAsync(RequestHandler handler, Func<RequestHandler, Task> receive)
    {
        try
        {
            await receive(handler);
        }
        catch (OperationCanceledException) when (handler.Shutdown.IsCancellationRequested)
        {
            handler.Close("server-stops");
        }
    }

    private void Sweep(Entry entry)
    {
        try
        {
            SessionLimits limits = _server.Options.Limits;
            if (entry.Session.Output.Overflowed || entry.Session.Output.StalledFor > limits.SlowReader) entry.Abort("slow-reader");
            else if (entry.Session.IdleFor > limits.Idle) entry.Abort("idle");
            else if (entry.Session.SweepPins()) _ = entry.Session.Output.FlushAsync().AsTask();
        }
        catch (Exception failure)
        {
            // One session's trouble must not end the care for the others.
            _server.Chain.Report(failure);
            LogFailed(failure, entry.Session.Id, entry.Session.Peer);
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "session opened id={Id} peer={Peer} transport={Transport}")]
    private partial void LogOpened(long id, string peer, string transport);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "session closed id={Id} peer={Peer} reason={Reason} requests={Requests} version={Version} client={Client}")]
    private partial void LogClosed(long id, string peer, string reason, long requests, string version, string client);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "session failed id={Id} peer={Peer}")]
    private partial void LogFailed(Exception failure, long id, string peer);

    private sealed class Entry(Session session, ClientConnection client)
    {
        public Session Session => session;

        public string? AbortReason { get; private set; }

        public void Abort(string reason)
        {
            if (AbortReason is not null) return;
            AbortReason = reason;
            session.Output.Close();
            client.Abort(reason);
        }
    }
}
