// SPDX-License-Identifier: MIT

using System.Numerics;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Times in buckets that grow with them: 64 to each doubling, so that a percentile is right within 1.6 %. Recording allocates nothing.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    /// <summary>Up to 2^42 ns, more than an hour.</summary>
    private const int Doublings = 37;

    private readonly long[] _counts = new long[Steps * Doublings];

    public long Count { get; private set; }

    /// <summary>Exact; zero when empty.</summary>
    public TimeSpan Max => TimeSpan.FromTicks(MaxNanoseconds / TimeSpan.NanosecondsPerTick);

    private long MaxNanoseconds { get; set; }

    /// <param name="nanoseconds">Negative ones count as 0, and those beyond an hour as an hour.</param>
    public void Record(long nanoseconds)
    {
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        MaxNanoseconds = Math.Max(MaxNanoseconds, other.MaxNanoseconds);
    }

    /// <summary>The time within which this share of all lies: the upper end of its bucket, but no more than the largest.</summary>
    /// <param name="share">0 to 1; 0.99 for p99.</param>
    /// <returns>Zero when empty.</returns>
    public TimeSpan Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank) return TimeSpan.FromTicks(Math.Min(UpperEndOf(bucket), MaxNanoseconds) / TimeSpan.NanosecondsPerTick);
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long nanoseconds)
    {
        // Below the first doubling each nanosecond has its own bucket.
        if (nanoseconds < Steps) return (int)Math.Max(0, nanoseconds);
        int doubling = BitOperations.Log2((ulong)nanoseconds) - StepBits;
        int step = (int)(nanoseconds >> doubling) - Steps;
        return Math.Min(((doubling + 1) << StepBits) + step, (Steps * Doublings) - 1);
    }

    private static long UpperEndOf(int bucket)
    {
        if (bucket < Steps) return bucket;
        int doubling = (bucket >> StepBits) - 1;
        return ((long)(Steps + (bucket & (Steps - 1)) + 1) << doubling) - 1;
    }
}
