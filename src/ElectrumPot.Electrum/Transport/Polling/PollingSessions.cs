// SPDX-License-Identifier: MIT

using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Sessions;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>
/// The sessions of wallets that poll, by the id in their cookie. Each counts as a session of its address, and so does each
/// of its connections while it is open.
/// </summary>
internal sealed class PollingSessions(SessionManager sessions, ServerContext server, CancellationToken shutdown)
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>As many as 20 bytes have, and as hard to guess.</summary>
    private const int IdLength = 28;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly SessionLimits _limits = server.Options.Limits;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PollingSession> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<NetworkKey, int> _perAddress = [];

    /// <summary>Of sessions, with those that are not known any more and have not come to their end yet.</summary>
    private readonly HashSet<Task> _running = [];

    /// <summary>What is kept for addresses that have no session yet: one that is shared by many leaves room for others.</summary>
    private int ReservedSessions => _limits.MaxPollingSessions / 4;

    /// <returns>Null when there is no room.</returns>
    public PollingSession? Open(ElectrumTransport transport, IPEndPoint? remote)
    {
        var session = new PollingSession(RandomNumberGenerator.GetString(Base58, IdLength), transport, remote, _limits, server.Time);
        if (server.Admission.TryAdmit(session.Client.EndPoint) is not { } place) return null;
        int count, allowed;
        lock (_gate)
        {
            count = _byId.Count;
            allowed = _perAddress.ContainsKey(session.Address) ? _limits.MaxPollingSessions - ReservedSessions : _limits.MaxPollingSessions;
            if (count < allowed && !shutdown.IsCancellationRequested)
            {
                Enter(session, place);
                return session;
            }
        }

        place.Dispose();
        if (count >= allowed) server.Limits.Exceeded(Limit.MaxPollingSessions, session.Client.EndPoint, count + 1, allowed, LimitAction.Refused);
        return null;
    }

    /// <summary>The session of this cookie, kept alive by the question.</summary>
    /// <returns>Null when there is none, or it was made under other protection.</returns>
    public PollingSession? Find(string id, ElectrumTransport transport)
    {
        PollingSession? session;
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out session)) return null;
        }

        if (session.UnseenFor >= _limits.PollingExpiry)
        {
            Remove(session, "expired");
            return null;
        }

        if (session.Transport != transport) return null;
        session.MarkSeen();
        return session;
    }

    /// <summary>Ends it if it has not ended yet; its cookie is not known any more.</summary>
    public void Remove(PollingSession session, string reason)
    {
        session.End(reason);
        lock (_gate)
        {
            if (!_byId.Remove(session.Id)) return;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_perAddress, session.Address) == 0) _perAddress.Remove(session.Address);
        }
    }

    /// <summary>Ends those that have not been seen for long, until the server stops; then all, and waits until nothing of them runs.</summary>
    public async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, server.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(shutdown))
            {
                foreach (PollingSession session in All())
                {
                    if (session.UnseenFor >= _limits.PollingExpiry) Remove(session, "expired");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }

        foreach (PollingSession session in All()) Remove(session, "server-stops");
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running);
    }

    private void Enter(PollingSession session, AdmissionTicket place)
    {
        _byId[session.Id] = session;
        CollectionsMarshal.GetValueRefOrAddDefault(_perAddress, session.Address, out _)++;
        Task running = Task.Run(() => session.RunAsync(sessions, place, shutdown), CancellationToken.None);
        _running.Add(running);
        _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Forget(Task ended)
    {
        lock (_gate)
            _running.Remove(ended);
    }

    private PollingSession[] All()
    {
        lock (_gate)
            return [.. _byId.Values];
    }
}
