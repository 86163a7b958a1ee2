// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>What all sessions of one address share. Remembered until its bucket is full, so that coming back gains nothing.</summary>
internal sealed class SessionGroup(NetworkKey address, NetworkKey subnet)
{
    private int _subscriptions;

    /// <summary>Of <see cref="RateLimits.AddressRequestsPerSecond"/>.</summary>
    public TokenBucket Bucket;

    public NetworkKey Address => address;

    public NetworkKey Subnet => subnet;

    /// <summary>For <see cref="Admission"/>, under its lock.</summary>
    public int Sessions { get; set; }

    /// <summary>In units of memory; see <see cref="AddSubscriptions"/>.</summary>
    public int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <param name="units">1 for a subscription, more for one with a long text; below 0 to give them back.</param>
    public void AddSubscriptions(int units) => Interlocked.Add(ref _subscriptions, units);
}
