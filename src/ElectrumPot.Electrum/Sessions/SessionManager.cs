// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>All sessions: runs each, sends those away that are silent or do not read.</summary>
public sealed partial class SessionManager
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Who takes nothing for so long goes first when memory for replies is short.</summary>
    private static readonly TimeSpan StallInTightness = TimeSpan.FromSeconds(10);

    /// <summary>In sweeps: what is remembered of addresses is looked through that often.</summary>
    private const int AddressSweepEvery = 10;

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

    /// <summary>How often which limit was exceeded.</summary>
    public LimitStatistics LimitStatistics => new(_server.Limits.Counts, _server.Limits.UnloggedLines, _server.Admission.Addresses);

    /// <summary>Serves one client to its end. Refuses it at once when there are too many like it. Whatever goes wrong stays with it.</summary>
    /// <param name="output">Takes complete messages, each with an LF behind it.</param>
    /// <param name="receive">Hands the client's messages to the handler until there are no more.</param>
    internal async Task RunAsync(ClientConnection client, PipeWriter output, Func<RequestHandler, Task> receive, CancellationToken shutdown)
    {
        using AdmissionTicket? own = client.Admission is null ? _server.Admission.TryAdmit(client.EndPoint) : null;
        if ((client.Admission ?? own) is not { } ticket)
        {
            client.Abort("too-many-sessions");
            return;
        }

        long id = Interlocked.Increment(ref _lastId);
        var session = new Session(id, client, output, _server, ticket);
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
            if (entry.AbortReason is null && session.Output.Overflowed) ReportOverflow(session);
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
            for (int sweep = 1; await timer.WaitForNextTickAsync(cancellation); sweep++)
            {
                if (sweep % AddressSweepEvery == 0)
                {
                    _server.Admission.Sweep();
                    _server.Limits.Sweep();
                }

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
            Session session = entry.Session;
            if (session.Output.Overflowed)
            {
                if (entry.Abort("slow-reader")) ReportOverflow(session);
            }
            else if (session.Output.StalledFor is var stalled && IsOver(entry, Limit.SlowReader, stalled, limits.SlowReader)) entry.Abort("slow-reader");
            else if (stalled > StallInTightness && session.Output.Kept > SessionOutput.FreeBytes && _server.Admission.PendingOutput.IsTight)
            {
                session.Output.Overflow(Limit.MaxPendingInAll);
                if (entry.Abort("slow-reader")) ReportOverflow(session);
            }
            else if (stalled > TimeSpan.Zero) session.MarkActive();
            else if (session.IdleFor > limits.Idle) entry.Abort("idle");
            else if (IsOver(entry, Limit.Request, session.IncompleteFor, limits.Request)) entry.Abort("request-too-slow");
            else if (session.Requests == 0 && IsOver(entry, Limit.FirstRequest, session.IdleFor, limits.FirstRequest)) entry.Abort("no-request");
            else if (entry.Session.SweepPins()) _ = entry.Session.Output.FlushAsync().AsTask();
        }
        catch (Exception failure)
        {
            // One session's trouble must not end the care for the others.
            _server.Chain.Report(failure);
            LogFailed(failure, entry.Session.Id, entry.Session.Peer);
        }
    }

    /// <returns>Whether to act upon it.</returns>
    private bool IsOver(Entry entry, Limit limit, TimeSpan value, TimeSpan allowed) =>
        value > allowed && !entry.IsAborted
        && _server.Limits.Exceeded(limit, entry.Session.EndPoint, (long)value.TotalSeconds, (long)allowed.TotalSeconds, LimitAction.Closed);

    private void ReportOverflow(Session session)
    {
        const int KiloByte = 1_000;
        const int MegaByte = 1_000_000;
        Limit limit = session.Output.Exceeded ?? Limit.MaxPending;
        long allowed = limit == Limit.MaxPendingInAll
            ? _server.Admission.Limits.MaxPendingOutputInAll / MegaByte
            : _server.Options.Limits.MaxPendingOutputBytes / KiloByte;
        _server.Limits.Exceeded(limit, session.EndPoint, allowed + 1, allowed, LimitAction.Closed);
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

        public bool IsAborted => AbortReason is not null;

        /// <returns>False when that was done before.</returns>
        public bool Abort(string reason)
        {
            if (AbortReason is not null) return false;
            AbortReason = reason;
            session.Output.Close();
            client.Abort(reason);
            return true;
        }
    }
}
