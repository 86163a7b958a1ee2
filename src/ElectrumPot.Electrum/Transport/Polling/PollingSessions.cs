// SPDX-License-Identifier: MIT

using System.Net;
using System.Security.Cryptography;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Sessions;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>
/// The sessions of wallets that poll, by the id in their cookie. Each counts as a session of its address, however many
/// connections it takes.
/// </summary>
internal sealed class PollingSessions(SessionManager sessions, ServerContext server, CancellationToken shutdown)
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>As many as 20 bytes have, and as hard to guess.</summary>
    private const int IdLength = 28;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly SessionLimits _limits = server.Options.Limits;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (PollingSession Session, Task Running)> _byId = new(StringComparer.Ordinal);

    /// <returns>Null when there is no room.</returns>
    public PollingSession? Open(ElectrumTransport transport, IPEndPoint? remote)
    {
        if (shutdown.IsCancellationRequested) return null;
        var session = new PollingSession(RandomNumberGenerator.GetString(Base58, IdLength), transport, remote, _limits, server.Time);
        if (server.Admission.TryAdmit(session.Client.EndPoint) is not { } place) return null;
        lock (_gate)
        {
            if (_byId.Count < _limits.MaxPollingSessions)
            {
                _byId[session.Id] = (session, Task.Run(() => session.RunAsync(sessions, place, shutdown), CancellationToken.None));
                return session;
            }
        }

        place.Dispose();
        server.Limits.Exceeded(Limit.MaxPollingSessions, session.Client.EndPoint, _limits.MaxPollingSessions + 1, _limits.MaxPollingSessions, LimitAction.Refused);
        return null;
    }

    /// <summary>The session of this cookie, kept alive by the question.</summary>
    /// <returns>Null when there is none, or it was made under other protection.</returns>
    public PollingSession? Find(string id, ElectrumTransport transport)
    {
        PollingSession session;
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out (PollingSession Session, Task Running) found)) return null;
            session = found.Session;
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
            _byId.Remove(session.Id);
    }

    /// <summary>Ends those that have not been seen for long, until the server stops; then all.</summary>
    public async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, server.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(shutdown))
            {
                foreach ((PollingSession session, _) in All())
                {
                    if (session.UnseenFor >= _limits.PollingExpiry) Remove(session, "expired");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }

        (PollingSession Session, Task Running)[] last = All();
        foreach ((PollingSession session, _) in last) Remove(session, "server-stops");
        await Task.WhenAll(last.Select(entry => entry.Running));
    }

    private (PollingSession Session, Task Running)[] All()
    {
        lock (_gate)
            return [.. _byId.Values];
    }
}
