// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Mempool;

/// <summary>This many virtual bytes pay at least this rate, and less than the bucket before.</summary>
/// <param name="Rate">Smallest units per virtual byte.</param>
public readonly record struct FeeBucket(double Rate, long VirtualSize);

/// <summary>The histogram of <c>mempool.get_fee_histogram</c> (protocol, section "Fee histogram").</summary>
public static class FeeHistogram
{
    /// <summary>Virtual bytes of the first bucket; each later one is a tenth larger.</summary>
    public const double FirstBucket = 30_000;

    private const double Growth = 1.1;

    /// <returns>Rates strictly decreasing; what is left below the size of a bucket is dropped.</returns>
    public static IReadOnlyList<FeeBucket> Make(IEnumerable<(long Fee, int VirtualSize)> transactions, double firstBucket = FirstBucket)
    {
        // Rates are rounded down to tenths, so that one rate gathers many transactions.
        var sizes = new SortedDictionary<long, long>(Comparer<long>.Create((left, right) => right.CompareTo(left)));
        foreach ((long fee, int virtualSize) in transactions)
        {
            long tenths = fee * 10 / Math.Max(1, virtualSize);
            sizes[tenths] = sizes.GetValueOrDefault(tenths) + virtualSize;
        }

        var buckets = new List<FeeBucket>();
        double threshold = firstBucket;
        long gathered = 0;
        long previous = 0;
        foreach ((long tenths, long size) in sizes)
        {
            if (size > 2 * threshold && gathered > 0)
            {
                buckets.Add(new FeeBucket(previous / 10.0, gathered));
                gathered = 0;
                threshold *= Growth;
            }

            gathered += size;
            if (gathered > threshold)
            {
                buckets.Add(new FeeBucket(tenths / 10.0, gathered));
                gathered = 0;
                threshold *= Growth;
            }

            previous = tenths;
        }

        return buckets;
    }
}
