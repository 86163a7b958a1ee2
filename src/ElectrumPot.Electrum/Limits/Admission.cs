// SPDX-License-Identifier: MIT

using System.Net;
using System.Runtime.InteropServices;

namespace ElectrumPot.Electrum.Limits;

/// <summary>Counts sessions in all, by address and by subnet, and refuses those that are too many.</summary>
internal sealed class Admission(AdmissionLimits limits, RateLimits rates, LimitLog log, TimeProvider time)
{
    /// <summary>Addresses without a session that are remembered for what they owe.</summary>
    public const int MaxRemembered = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<NetworkKey, SessionGroup> _groups = [];
    private readonly Dictionary<NetworkKey, int> _subnets = [];
    private int _sessions;
    private int _remembered;

    public AdmissionLimits Limits => limits;

    public BucketRate SessionRate { get; } = new(rates.RequestsPerSecond, rates.RequestBurst, time.TimestampFrequency);

    public BucketRate AddressRate { get; } = new(rates.AddressRequestsPerSecond, rates.AddressRequestBurst, time.TimestampFrequency);

    /// <summary>Texts of all subscriptions, in units of memory beyond the one that each subscription counts.</summary>
    public SharedTotal SubscriptionTexts { get; } = new(limits.MaxSubscriptionsInAll);

    /// <summary>Bytes that sessions keep for wallets that do not read as fast as they ask.</summary>
    public SharedTotal PendingOutput { get; } = new(limits.MaxPendingOutputInAll);

    /// <summary>Entries of all pinned histories.</summary>
    public SharedTotal PinnedEntries { get; } = new(limits.MaxPinnedEntries);

    /// <summary>Open sessions, with connections that are about to become one.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Addresses known, with or without a session.</summary>
    public int Addresses
    {
        get
        {
            lock (_gate)
                return _groups.Count;
        }
    }

    /// <summary>Nobody is counted under an address that says nothing: the operator's list, or no address at all.</summary>
    public bool IsExempt(IPAddress address) => address.Equals(IPAddress.None) || limits.Exempt.Contains(address) || limits.Unlimited.Contains(address);

    /// <param name="isProxy">The connection is a proxy's own, such as its health check.</param>
    /// <returns>To be disposed when the session ends; null when it is refused.</returns>
    public AdmissionTicket? TryAdmit(IPEndPoint peer, bool isProxy = false)
    {
        bool isUnlimited = limits.Unlimited.Contains(peer.Address);
        bool isCounted = !isProxy && !IsExempt(peer.Address);
        NetworkKey address = isCounted ? NetworkKey.OfAddress(peer.Address) : default;
        NetworkKey subnet = isCounted ? NetworkKey.Of(peer.Address, limits.IPv4SubnetBits, limits.IPv6SubnetBits) : default;
        Excess? excess;
        lock (_gate)
        {
            excess = Find(isCounted, address, subnet);
            if (excess is null) return Enter(isCounted, address, subnet, isUnlimited);
        }

        // The log is not written under the lock. In a dry run most are admitted all the same.
        if (log.Exceeded(excess.Value.Limit, peer, excess.Value.Value, excess.Value.Allowed, LimitAction.Refused)) return null;
        lock (_gate)
            return Enter(isCounted, address, subnet, isUnlimited);
    }

    /// <summary>Forgets addresses that have no session and owe nothing; to be called every few seconds.</summary>
    public void Sweep()
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (SessionGroup group in _groups.Values)
            {
                if (group.Sessions > 0 || group.Bucket.Missing(now) > 0) continue;
                _groups.Remove(group.Address);
                _remembered--;
            }
        }
    }

    /// <summary>For tickets.</summary>
    internal void Leave(SessionGroup? group)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            _sessions--;
            if (group is null) return;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_subnets, group.Subnet) == 0) _subnets.Remove(group.Subnet);
            if (--group.Sessions > 0) return;
            if (_remembered < MaxRemembered && group.Bucket.Missing(now) > 0) _remembered++;
            else _groups.Remove(group.Address);
        }
    }

    private Excess? Find(bool isCounted, NetworkKey address, NetworkKey subnet)
    {
        if (_sessions >= limits.MaxSessions) return new Excess(Limit.MaxSessions, _sessions + 1, limits.MaxSessions);
        if (!isCounted) return null;
        int inSubnet = _subnets.GetValueOrDefault(subnet);
        if (_groups.TryGetValue(address, out SessionGroup? group))
        {
            if (group.Sessions >= limits.MaxSessionsPerAddress) return new Excess(Limit.MaxSessionsPerAddress, group.Sessions + 1, limits.MaxSessionsPerAddress);
            // Who was sent away for what it owes does not come back before that is paid.
            if (!AddressRate.IsUnlimited && group.Bucket.Missing(time.GetTimestamp()) is var missing && missing > 2 * AddressRate.Capacity)
                return new Excess(Limit.AddressRequestsPerSecond, AddressRate.RequestsOf(missing), rates.AddressRequestBurst);
        }

        return inSubnet >= limits.MaxSessionsPerSubnet ? new Excess(Limit.MaxSessionsPerSubnet, inSubnet + 1, limits.MaxSessionsPerSubnet) : null;
    }

    private AdmissionTicket Enter(bool isCounted, NetworkKey address, NetworkKey subnet, bool isUnlimited)
    {
        _sessions++;
        if (!isCounted) return new AdmissionTicket(this, null, isUnlimited);
        if (!_groups.TryGetValue(address, out SessionGroup? group)) _groups[address] = group = new SessionGroup(address, subnet);
        else if (group.Sessions == 0) _remembered--;
        group.Sessions++;
        group.Bucket.Take(AddressRate, RequestCost.PointsPerConnection, time.GetTimestamp());
        CollectionsMarshal.GetValueRefOrAddDefault(_subnets, subnet, out _)++;
        return new AdmissionTicket(this, group, isUnlimited);
    }

    private readonly record struct Excess(Limit Limit, long Value, long Allowed);
}
