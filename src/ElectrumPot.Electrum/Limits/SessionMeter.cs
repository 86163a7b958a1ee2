// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum.Limits;

/// <summary>
/// What one session takes: adds up what its requests cost, and tells after each message how long the next one has to
/// wait. Allocates nothing.
/// </summary>
/// <param name="group">Null where sessions are not counted by address.</param>
/// <param name="isUnlimited">Held to no rate.</param>
internal sealed class SessionMeter(
    Admission admission, RateLimits rates, SessionGroup? group, bool isUnlimited, IPEndPoint peer, LimitLog log, TimeProvider time)
{
    /// <summary>A wallet takes a server that is silent for longer for dead; what is still owed is paid with the next request.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Shorter pauses are saved up: timers are not as fine as that.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly long _shortestPauseTicks = TicksOf(ShortestPause, time);
    private TokenBucket _bucket;
    private long _unpaid;
    private long _slowedSince;
    private bool _isSlowed;

    /// <summary>From any thread.</summary>
    public void AddRequests(int count) => Add(count * RequestCost.PointsPerRequest);

    /// <inheritdoc cref="AddRequests"/>
    public void AddBytes(long count) => Add(count * RequestCost.PointsPerByte);

    /// <summary>Rows of a history that were read, whether or not they went out.</summary>
    public void AddEntries(int count) => Add(count * RequestCost.PointsPerEntry);

    /// <summary>Pays what has come together. For the session's reading thread.</summary>
    public Settlement Settle()
    {
        long points = Interlocked.Exchange(ref _unpaid, 0);
        if (isUnlimited) return new Settlement(points);
        long now = time.GetTimestamp();
        long own = _bucket.Take(admission.SessionRate, points, now);
        long shared = group is null ? long.MinValue : group.Bucket.Take(admission.AddressRate, points, now);
        // Half a burst in hand: the hurry is over, whatever other sessions of the address owe.
        if (_isSlowed && own < -admission.SessionRate.Capacity / 2) _isSlowed = false;
        return own <= 0 && shared <= 0 ? new Settlement(points) : Slow(points, own, shared, now);
    }

    private Settlement Slow(long points, long own, long shared, long now)
    {
        if (IsOver(Limit.RequestsPerSecond, own, admission.SessionRate, rates.RequestBurst)
            || IsOver(Limit.AddressRequestsPerSecond, shared, admission.AddressRate, rates.AddressRequestBurst)
            || (own > 0 && IsSlowedForLong(now)))
            return new Settlement(points, Close: true);

        long debt = Math.Max(own, shared);
        if (debt < _shortestPauseTicks) return new Settlement(points);
        bool isEnforced = own >= shared
            ? log.Exceeded(Limit.RequestsPerSecond, peer, admission.SessionRate.RequestsOf(admission.SessionRate.Capacity + own), rates.RequestBurst, LimitAction.Slowed)
            : log.Exceeded(Limit.AddressRequestsPerSecond, peer, admission.AddressRate.RequestsOf(admission.AddressRate.Capacity + shared), rates.AddressRequestBurst, LimitAction.Slowed);
        if (!isEnforced) return new Settlement(points);
        TimeSpan pause = TimeSpan.FromSeconds((double)debt / time.TimestampFrequency);
        return new Settlement(points, pause < LongestPause ? pause : LongestPause);
    }

    /// <summary>Owes another whole burst.</summary>
    private bool IsOver(Limit limit, long debt, BucketRate rate, long burst) =>
        !rate.IsUnlimited && debt > rate.Capacity && log.Exceeded(limit, peer, rate.RequestsOf(rate.Capacity + debt), 2 * burst, LimitAction.Closed);

    private bool IsSlowedForLong(long now)
    {
        if (!_isSlowed)
        {
            _isSlowed = true;
            _slowedSince = now;
            return false;
        }

        TimeSpan slowed = time.GetElapsedTime(_slowedSince, now);
        if (slowed <= rates.MaxSlowed) return false;
        return log.Exceeded(Limit.MaxSlowed, peer, (long)slowed.TotalSeconds, (long)rates.MaxSlowed.TotalSeconds, LimitAction.Closed);
    }

    private void Add(long points) => Interlocked.Add(ref _unpaid, points);

    private static long TicksOf(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}

/// <param name="Points">What was paid.</param>
/// <param name="Pause">How long nothing more should be read from the session.</param>
/// <param name="Close">It took so much that it has to go.</param>
internal readonly record struct Settlement(long Points, TimeSpan Pause = default, bool Close = false);
