// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Decides about requests to be added (protocol, "add_peer").</summary>
internal sealed class AddPeerGate(
    Hash256 genesisHash, OwnIdentities own, PeerTable table, PeerDialer dialer, PeerNetwork network, PeerOptions options, TimeProvider time)
{
    private const int MaxDomains = 10_000;
    private const int MaxLookups = 8;

    private static readonly TimeSpan DomainPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestOnionPause = TimeSpan.FromMinutes(20);

    private readonly Dictionary<string, long> _askedAt = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private TimeSpan _onionPause = TimeSpan.Zero;
    private long _onionAt;
    private int _lookups;

    /// <param name="caller">Where the request comes from.</param>
    /// <returns>Whether the peer will be looked at.</returns>
    public async Task<bool> AskAsync(PeerFeatures features, IPAddress caller, CancellationToken cancellation)
    {
        // Only the first host counts: one request, one peer.
        if (features.GenesisHash != genesisHash || features.Hosts.Count == 0) return false;
        PeerFeatures.HostEntry first = features.Hosts[0];
        if (!PeerHost.TryParse(first.Name, out PeerHost? host) || !first.Ports.IsUsable) return false;
        // The name would be looked up, which its owner sees.
        if (!own.MayContact(host)) return false;
        if (host.Address is { } address && !network.IsPublic(address)) return false;
        if (host.IsOnion ? options.TorProxy is null || !MayOnionAsk() : !MayAsk(host.Domain)) return false;
        caller = caller.Unmapped;
        if (!host.IsOnion && !await IsAtAsync(host, caller, cancellation)) return false;
        return table.Learn(new PeerAnnouncement(host, first.Ports), $"add_peer {caller}", isInvited: !host.IsOnion) != LearnResult.Refused;
    }

    /// <summary>A refused request counts as well: asking more often never helps.</summary>
    private bool MayAsk(string domain)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            bool isTooSoon = _askedAt.TryGetValue(domain, out long last) && time.GetElapsedTime(last, now) < DomainPause;
            if (_askedAt.Count >= MaxDomains && !_askedAt.ContainsKey(domain))
            {
                foreach (string old in _askedAt.Where(pair => time.GetElapsedTime(pair.Value, now) >= DomainPause).Select(pair => pair.Key).ToList())
                    _askedAt.Remove(old);
                if (_askedAt.Count >= MaxDomains) return false;
            }

            _askedAt[domain] = now;
            return !isTooSoon;
        }
    }

    /// <summary>Names of hidden services cost nothing, so all share one pause of unforeseeable length.</summary>
    private bool MayOnionAsk()
    {
        lock (_gate)
        {
            if (_onionAt != 0 && time.GetElapsedTime(_onionAt) < _onionPause) return false;
            _onionAt = Math.Max(time.GetTimestamp(), 1);
            _onionPause = LongestOnionPause * Random.Shared.NextDouble();
            return true;
        }
    }

    /// <summary>Whether the caller is at the host it speaks of: nobody can have others contacted.</summary>
    private async Task<bool> IsAtAsync(PeerHost host, IPAddress caller, CancellationToken cancellation)
    {
        if (!network.IsPublic(caller)) return false;
        if (host.Address is { } address) return address.Equals(caller);
        if (Interlocked.Increment(ref _lookups) > MaxLookups)
        {
            Interlocked.Decrement(ref _lookups);
            return false;
        }

        try
        {
            return (await dialer.ResolveAsync(host, cancellation)).Contains(caller);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _lookups);
        }
    }
}
