// SPDX-License-Identifier: MIT

using System.Net;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Limits;

/// <summary>
/// Counts what exceeds a limit, and says so in lines that ban tools can read: for each address, limit and action at most one in
/// <see cref="RepeatAfter"/>, and no more than a disk can bear in all.
/// </summary>
internal sealed partial class LimitLog(bool isDryRun, TimeProvider time, ILogger log)
{
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(10);

    /// <summary>Addresses, limits and actions that are remembered as logged; for others there is no line until some are forgotten.</summary>
    public const int MaxRemembered = 10_000;

    /// <summary>Lines in all: a burst, then so many a second.</summary>
    public const int MaxLinesAtOnce = 500;

    public const int MaxLinesPerSecond = 5;

    private static readonly TimeSpan SummaryInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Subject, Mark> _marks = [];
    private readonly long[] _exceeded = new long[LimitFacts.Count];
    private readonly long[] _enforced = new long[LimitFacts.Count];
    private readonly BucketRate _lineRate = new(MaxLinesPerSecond, MaxLinesAtOnce, time.TimestampFrequency);
    private TokenBucket _lines;
    private long _unlogged;
    private long _unloggedTold;
    private long _lastSummary = time.GetTimestamp();

    public long UnloggedLines => Volatile.Read(ref _unlogged);

    public LimitCount[] Counts =>
        [.. Enum.GetValues<Limit>().Select(limit => new LimitCount(limit.Key, Volatile.Read(ref _exceeded[(int)limit]), Volatile.Read(ref _enforced[(int)limit])))];

    /// <param name="value">What was found, in the unit of the limit's key.</param>
    /// <param name="allowed">What the limit allows.</param>
    /// <returns>Whether to act upon it; in a dry run mostly not.</returns>
    public bool Exceeded(Limit limit, IPEndPoint peer, long value, long allowed, LimitAction action)
    {
        bool enforced = !isDryRun || limit.IsAlwaysEnforced;
        Interlocked.Increment(ref _exceeded[(int)limit]);
        if (enforced) Interlocked.Increment(ref _enforced[(int)limit]);
        if (ShouldLog(new Subject(NetworkKey.OfAddress(peer.Address), limit, action), out long suppressed))
            LogExceeded(limit.Key, peer, peer.Address, value, allowed, enforced ? action.Done : action.Spared, suppressed);
        else
            Interlocked.Increment(ref _unlogged);
        return enforced;
    }

    /// <summary>Forgets what is long past and says how much was not logged; to be called every few seconds.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach ((Subject key, Mark mark) in _marks)
            {
                if (time.GetElapsedTime(mark.LoggedAt) >= RepeatAfter && mark.Suppressed == 0) _marks.Remove(key);
                else if (time.GetElapsedTime(mark.LoggedAt) >= 2 * RepeatAfter) _marks.Remove(key);
            }
        }

        if (time.GetElapsedTime(_lastSummary) < SummaryInterval) return;
        _lastSummary = time.GetTimestamp();
        long unlogged = UnloggedLines;
        if (unlogged > _unloggedTold) LogUnlogged(unlogged - _unloggedTold, SummaryInterval.TotalSeconds);
        _unloggedTold = unlogged;
    }

    private bool ShouldLog(Subject key, out long suppressed)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            suppressed = 0;
            if (_marks.TryGetValue(key, out Mark mark))
            {
                if (time.GetElapsedTime(mark.LoggedAt, now) < RepeatAfter)
                {
                    _marks[key] = mark with { Suppressed = mark.Suppressed + 1 };
                    return false;
                }

                suppressed = mark.Suppressed;
            }
            else if (_marks.Count >= MaxRemembered)
            {
                return false;
            }

            if (_lines.Missing(now) >= _lineRate.Capacity) return false;
            _lines.Take(_lineRate, RequestCost.PointsPerRequest, now);
            _marks[key] = new Mark(now, 0);
            return true;
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "limit exceeded limit={Limit} peer={Peer} address={Address} value={Value} allowed={Allowed} action={Action} suppressed={Suppressed}")]
    private partial void LogExceeded(string limit, IPEndPoint peer, IPAddress address, long value, long allowed, string action, long suppressed);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "limits were exceeded {Count} more times in the last {Seconds} s without a line for each")]
    private partial void LogUnlogged(long count, double seconds);

    private readonly record struct Subject(NetworkKey Address, Limit Limit, LimitAction Action);

    /// <param name="Suppressed">Lines left out since.</param>
    private readonly record struct Mark(long LoggedAt, long Suppressed);
}
