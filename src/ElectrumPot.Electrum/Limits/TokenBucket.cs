// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>How fast a bucket fills and how much it holds, in ticks of the clock.</summary>
internal sealed class BucketRate
{
    private readonly double _ticksPerPoint;

    /// <param name="perSecond">Requests; 0 for no limit.</param>
    /// <param name="burst">Requests.</param>
    /// <param name="ticksPerSecond">Of the clock's timestamps.</param>
    public BucketRate(long perSecond, long burst, long ticksPerSecond)
    {
        PerSecond = perSecond;
        if (perSecond == 0) return;
        _ticksPerPoint = (double)ticksPerSecond / perSecond / RequestCost.PointsPerRequest;
        Capacity = TicksOf(burst * RequestCost.PointsPerRequest);
    }

    public long PerSecond { get; }

    public bool IsUnlimited => PerSecond == 0;

    /// <summary>In how many ticks an empty bucket is full.</summary>
    public long Capacity { get; }

    public long TicksOf(long points) => (long)(points * _ticksPerPoint);

    /// <summary>What was taken, in whole requests.</summary>
    public long RequestsOf(long ticks) => IsUnlimited ? 0 : (long)(ticks / _ticksPerPoint / RequestCost.PointsPerRequest);
}

/// <summary>
/// Holds a burst, fills at a rate, and may be overdrawn. All there is to it is the moment when it will be full again,
/// so that taking is one exchange and nothing has to run meanwhile.
/// </summary>
internal struct TokenBucket
{
    /// <summary>Debts beyond this many bursts are forgiven: nobody pays for ever.</summary>
    private const int MaxBursts = 4;

    private long _fullAt;

    /// <summary>From any thread.</summary>
    /// <returns>How many ticks until it would be paid for: above 0 the bucket is overdrawn.</returns>
    public long Take(BucketRate rate, long points, long now)
    {
        if (rate.IsUnlimited) return long.MinValue;
        long ticks = rate.TicksOf(points);
        while (true)
        {
            long fullAt = Volatile.Read(ref _fullAt);
            long next = Math.Min(Math.Max(fullAt, now) + ticks, now + (MaxBursts * rate.Capacity));
            if (Interlocked.CompareExchange(ref _fullAt, next, fullAt) == fullAt) return next - now - rate.Capacity;
        }
    }

    /// <summary>What is missing until it is full, in ticks; 0 when it is.</summary>
    public readonly long Missing(long now) => Math.Max(0, _fullAt - now);
}
