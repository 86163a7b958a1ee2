// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Index.Events;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Tells the sessions what changed: for each update the new tip to all first, then of each touched script, then of each
/// touched output and transaction, what differs from what was told last (protocol, "Notifications"). Several changes in quick succession come as one.
/// </summary>
internal sealed partial class Notifier(ServerContext server, SessionManager sessions, ILogger log)
{
    private readonly HashSet<IWatcher> _touched = [];
    private readonly HashSet<Session> _toFlush = [];
    private Hash256 _lastTip;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
                Announce(await server.Chain.NextUpdateAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private void Announce(ChainUpdate update)
    {
        try
        {
            using IChainSnapshot snapshot = server.Chain.Acquire();
            // The state may be newer than the update; its statuses must not come before its tip all the same.
            if (update.TipChanged || snapshot.TipHash != _lastTip) AnnounceTip(snapshot);
            _lastTip = snapshot.TipHash;
            AnnounceTouched(update, snapshot);
        }
        catch (Exception failure)
        {
            // The next update must still come through; what stops the index stops the process elsewhere.
            server.Chain.Report(failure);
            LogFailure(failure);
        }
        finally
        {
            foreach (Session session in _toFlush)
                _ = session.Output.FlushAsync().AsTask();
            _toFlush.Clear();
            _touched.Clear();
        }
    }

    private void AnnounceTip(IChainSnapshot snapshot)
    {
        if (HeaderNotice.Of(snapshot) is not { } tip) return;
        foreach (Session session in sessions.Sessions)
        {
            session.AnnounceTip(tip);
            if (session.Output.Unflushed > 0) _toFlush.Add(session);
        }
    }

    private void AnnounceTouched(ChainUpdate update, IChainSnapshot snapshot)
    {
        if (server.Subscriptions.Count == 0) return;
        if (update.Touched.Contains(ChainUpdate.Everything))
        {
            server.Subscriptions.CollectAll(_touched);
        }
        else
        {
            foreach (HashX name in update.Touched)
                server.Subscriptions.Collect(name, _touched);
        }

        var reading = new SharedReading(snapshot);
        Update(reading, afterStatuses: false);
        Update(reading, afterStatuses: true);
    }

    private void Update(SharedReading reading, bool afterStatuses)
    {
        foreach (IWatcher watcher in _touched)
        {
            if (watcher.ComesAfterStatuses != afterStatuses) continue;
            watcher.Update(reading);
            _toFlush.Add(watcher.Session);
        }
    }

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "an update could not be announced")]
    private partial void LogFailure(Exception failure);
}
