// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum.Peers;

internal enum LearnResult
{
    /// <summary>It is ourselves, must not be contacted, there is no room, or it was given up not long ago.</summary>
    Refused,
    Known,
    New,
}

/// <summary>All peers with their states and what becomes of them (protocol, "Verification of a peer"). Thread-safe, waits for nothing.</summary>
internal sealed class PeerTable(PeerOptions options, OwnIdentities own, TimeProvider time)
{
    private const int TriesWhenBad = 3;
    private const int TriesWhenNeverGood = 3;
    private const int TriesWhenOnceGood = 10;

    /// <summary>From this number on, .onion hosts may be half of all; they cost nothing to make.</summary>
    private const int OnionsThatAreMany = 100;

    private static readonly TimeSpan BadPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>The operator's own choice deserves more patience with it.</summary>
    private static readonly TimeSpan LongestSeedPause = TimeSpan.FromHours(3);
    private static readonly TimeSpan ForgottenFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan PostponedFor = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PeerHost, Peer> _peers = [];
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private long _changes;

    /// <summary>Grows with every change that shows.</summary>
    public long Changes => Volatile.Read(ref _changes);

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <param name="isInvited">
    /// The peer asked for it from its own address: then other ports are tried soon, and what was given up gets another
    /// chance. Hearsay can do neither.
    /// </param>
    public LearnResult Learn(PeerAnnouncement announced, string source, bool isInvited = false, bool isSeed = false)
    {
        if (own.Includes(announced.Host) || !own.MayContact(announced.Host)) return LearnResult.Refused;
        lock (_gate)
        {
            if (_peers.TryGetValue(announced.Host, out Peer? known) && (known.State != PeerState.Forgotten || isInvited))
            {
                known.IsSeed |= isSeed;
                Update(known, announced.Ports, isInvited);
                return LearnResult.Known;
            }

            if (known is not null || !HasRoomFor(announced.Host)) return LearnResult.Refused;
            _peers[announced.Host] = new Peer(announced.Host, announced.Ports, source) { IsSeed = isSeed, NextCheck = Now };
            _changes++;
            return LearnResult.New;
        }
    }

    /// <summary>A peer of an earlier run, as it was then; it is examined soon.</summary>
    public void Restore(Peer peer)
    {
        lock (_gate)
        {
            if (own.Includes(peer.Host) || !own.MayContact(peer.Host) || _peers.ContainsKey(peer.Host) || _peers.Count >= options.MaxPeers) return;
            peer.NextCheck = Now;
            _peers[peer.Host] = peer;
            _changes++;
        }
    }

    /// <summary>
    /// Peers whose time has come, the longest overdue first. Each is to be given back by <see cref="Complete"/>. Strangers
    /// take half of all checks at most, so that those among them who never answer do not keep the good ones waiting.
    /// </summary>
    public IReadOnlyList<PeerTarget> TakeDue(int max)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            foreach (Peer old in _peers.Values.Where(peer => peer.State == PeerState.Forgotten && peer.NextCheck <= now).ToList())
                _peers.Remove(old.Host);
            int strangers = ((options.MaxConcurrentChecks + 1) / 2) - _peers.Values.Count(peer => peer.IsBeingChecked && peer.IsStranger);
            List<Peer> due = [.. _peers.Values
                .Where(peer => !peer.IsBeingChecked && peer.NextCheck <= now)
                .OrderBy(peer => peer.NextCheck)
                .Where(peer => !peer.IsStranger || strangers-- > 0)
                .Take(max)];
            foreach (Peer peer in due) peer.IsBeingChecked = true;
            return [.. due.Select(peer => new PeerTarget(peer.Host, peer.Ports, peer.OtherPorts))];
        }
    }

    /// <returns>The state before and after, for the log.</returns>
    public (PeerState Before, PeerState After) Complete(PeerHost host, PeerCheck check)
    {
        lock (_gate)
        {
            // Never removed while it is being checked.
            Peer peer = _peers[host];
            PeerState before = peer.State;
            peer.IsBeingChecked = false;
            peer.LastTry = time.GetUtcNow();
            // It may have come onto the blacklist meanwhile.
            if (peer.IsBlacklisted) check = new PeerCheck(PeerVerdict.Bad, Blacklist.Objection);
            if (check.Verdict == PeerVerdict.Good && FindTwin(peer.Host, check.Address) is { } twin) check = new PeerCheck(PeerVerdict.Bad, Objection(twin));
            switch (check.Verdict)
            {
                case PeerVerdict.Good:
                    Accept(peer, check);
                    break;
                case PeerVerdict.Postponed:
                    peer.NextCheck = Now + PostponedFor;
                    break;
                default:
                    Reject(peer, check);
                    break;
            }

            _changes++;
            return (before, peer.State);
        }
    }

    /// <summary>Why this host is not wanted at this address; null: nothing known speaks against it.</summary>
    public string? FindObjection(PeerHost host, IPAddress? address)
    {
        lock (_gate)
            return FindTwin(host, address) is { } twin ? Objection(twin) : null;
    }

    /// <summary>Makes blacklisted peers bad at once, and those that no longer are due at once.</summary>
    public void Apply(Blacklist blacklist)
    {
        lock (_gate)
        {
            foreach (Peer peer in _peers.Values)
            {
                bool isListed = blacklist.Includes(peer.Host, peer.Address);
                if (isListed == peer.IsBlacklisted || peer.State == PeerState.Forgotten) continue;
                peer.IsBlacklisted = isListed;
                peer.NextCheck = Now;
                if (isListed) (peer.State, peer.LastError) = (PeerState.Bad, Blacklist.Objection);
                _changes++;
            }
        }
    }

    /// <summary>What the caller makes of each peer, in no order.</summary>
    public List<T> Select<T>(Func<Peer, T> selector)
    {
        lock (_gate)
            return [.. _peers.Values.Select(selector)];
    }

    private void Update(Peer known, PeerPorts ports, bool isInvited)
    {
        if (known.State == PeerState.Forgotten) (known.State, known.Failures, known.NextCheck) = (PeerState.Unchecked, 0, Now);
        if (ports == known.Ports || ports == known.OtherPorts) return;
        // Of a good peer the ports are known; only itself may say that they change.
        if (known.State == PeerState.Good && !isInvited) return;
        known.OtherPorts = ports;
        if (isInvited) known.NextCheck = Now;
    }

    private void Accept(Peer peer, PeerCheck check)
    {
        foreach (Peer displaced in _peers.Values.Where(other => other != peer && other.State == PeerState.Good && IsSameServer(other.Address, check.Address)))
            (displaced.State, displaced.LastError, displaced.NextCheck) = (PeerState.Bad, Objection(peer), Now + BadPause);
        peer.State = PeerState.Good;
        peer.Address = check.Address;
        peer.Ports = check.Ports;
        peer.OtherPorts = null;
        peer.ServerVersion = check.ServerVersion;
        peer.ProtocolMax = check.ProtocolMax;
        peer.Pruning = check.Pruning;
        peer.LastGood = peer.LastTry;
        peer.LastError = "";
        peer.Failures = 0;
        // A little early, by chance: servers that started together should not stay together.
        peer.NextCheck = Now + (options.CheckInterval * (1 - (Random.Shared.NextDouble() / 10)));
    }

    private void Reject(Peer peer, PeerCheck check)
    {
        bool isBad = check.Verdict == PeerVerdict.Bad;
        peer.State = isBad ? PeerState.Bad : PeerState.Failing;
        peer.LastError = check.Error;
        peer.Failures++;
        int tries = isBad ? TriesWhenBad : peer.LastGood is null ? TriesWhenNeverGood : TriesWhenOnceGood;
        if (peer.Failures >= tries && !peer.IsSeed)
        {
            peer.State = PeerState.Forgotten;
            peer.NextCheck = Now + ForgottenFor;
            return;
        }

        TimeSpan pause = options.RetryInterval * Math.Pow(2, Math.Min(peer.Failures - 1, TriesWhenOnceGood));
        TimeSpan longest = peer.IsSeed ? LongestSeedPause : LongestPause;
        peer.NextCheck = Now + (isBad ? BadPause : pause < longest ? pause : longest);
    }

    /// <summary>Another good peer at the same address that has the better right to it: a name counts more than a bare address.</summary>
    private Peer? FindTwin(PeerHost host, IPAddress? address) => _peers.Values.FirstOrDefault(
        other => other.Host != host && other.State == PeerState.Good && IsSameServer(other.Address, address)
            && (host.Kind == PeerHostKind.Address || other.Host.Kind != PeerHostKind.Address));

    private static string Objection(Peer twin) => $"is the same server as {twin.Host}";

    private static bool IsSameServer(IPAddress? one, IPAddress? other) =>
        one is not null && other is not null && AddressRules.ServerBucket(one) == AddressRules.ServerBucket(other);

    private bool HasRoomFor(PeerHost host)
    {
        if (host.IsOnion)
        {
            int onions = _peers.Keys.Count(known => known.IsOnion);
            if (options.TorProxy is null || (onions >= OnionsThatAreMany && onions * 2 > _peers.Count)) return false;
        }

        if (_peers.Count < options.MaxPeers) return true;
        Peer? worst = _peers.Values
            .Where(peer => peer is { IsSeed: false, IsBeingChecked: false, Failures: > 0 })
            .MaxBy(peer => (peer.State == PeerState.Forgotten, peer.LastGood is null, peer.Failures));
        return worst is not null && _peers.Remove(worst.Host);
    }
}
