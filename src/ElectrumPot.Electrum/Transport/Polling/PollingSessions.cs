// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ElectrumPot.Electrum.Sessions;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>The sessions of wallets that poll, by the id in their cookie. Bounded in all and for each address.</summary>
internal sealed class PollingSessions(SessionManager sessions, SessionLimits limits, TimeProvider time, CancellationToken shutdown)
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>As many as 20 bytes have, and as hard to guess.</summary>
    private const int IdLength = 28;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (PollingSession Session, Task Running)> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, int> _perAddress = [];

    /// <returns>Null when there is no room.</returns>
    public PollingSession? Open(ElectrumTransport transport, IPEndPoint? remote)
    {
        var session = new PollingSession(RandomNumberGenerator.GetString(Base58, IdLength), transport, remote, limits, time);
        IPAddress address = CountedAddress(remote);
        lock (_gate)
        {
            int count = _perAddress.GetValueOrDefault(address);
            if (shutdown.IsCancellationRequested || _byId.Count >= limits.MaxPollingSessions || count >= limits.MaxPollingSessionsPerAddress) return null;
            _perAddress[address] = count + 1;
            _byId[session.Id] = (session, Task.Run(() => session.RunAsync(sessions, shutdown), CancellationToken.None));
        }

        return session;
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

        if (session.UnseenFor >= limits.PollingExpiry)
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
            IPAddress address = CountedAddress(session.Remote as IPEndPoint);
            if (--_perAddress[address] == 0) _perAddress.Remove(address);
        }
    }

    /// <summary>Ends those that have not been seen for long, until the server stops; then all.</summary>
    public async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(shutdown))
            {
                foreach ((PollingSession session, _) in All())
                {
                    if (session.UnseenFor >= limits.PollingExpiry) Remove(session, "expired");
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

    /// <summary>Who has one IPv6 address has 2^64 of them.</summary>
    private static IPAddress CountedAddress(IPEndPoint? remote)
    {
        if (remote is null) return IPAddress.None;
        if (remote.Address.IsIPv4MappedToIPv6) return remote.Address.MapToIPv4();
        if (remote.AddressFamily != AddressFamily.InterNetworkV6) return remote.Address;
        Span<byte> bytes = stackalloc byte[16];
        remote.Address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
