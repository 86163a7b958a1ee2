// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Load;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Benchmarks;

public sealed class LatencyHistogramTests
{
    private const double Margin = 1.0 / 64;

    [Fact]
    public void Percentiles_are_those_of_the_sorted_times_within_a_bucket()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        // From 100 ns to 10 s, as likely in each decade.
        long[] times = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, 2 + (8 * random.NextDouble())))];
        foreach (long time in times)
            histogram.Record(time);
        Array.Sort(times);

        foreach (double share in new[] { 0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0 })
        {
            double exact = times[Math.Max(0, (int)Math.Ceiling(share * times.Length) - 1)];
            // What is below a tick of 100 ns is cut off.
            histogram.Percentile(share).TotalNanoseconds.ShouldBeInRange(exact - 100, (exact * (1 + Margin)) + 1);
        }

        histogram.Count.ShouldBe(times.Length);
        histogram.Max.TotalNanoseconds.ShouldBe(times[^1], tolerance: 100);
    }

    [Fact]
    public void Equal_times_are_every_percentile_exactly()
    {
        var histogram = new LatencyHistogram();
        for (int i = 0; i < 10; i++)
            histogram.Record(123_400);
        histogram.Percentile(0).ShouldBe(TimeSpan.FromMicroseconds(123.4));
        histogram.Percentile(1).ShouldBe(TimeSpan.FromMicroseconds(123.4));
    }

    [Fact]
    public void What_is_added_counts_as_if_it_had_been_recorded()
    {
        var random = new Random(8);
        var whole = new LatencyHistogram();
        LatencyHistogram[] parts = [new(), new(), new()];
        for (int i = 0; i < 3_000; i++)
        {
            long time = random.Next(1, 1_000_000_000);
            whole.Record(time);
            parts[i % parts.Length].Record(time);
        }

        parts[0].Add(parts[1]);
        parts[0].Add(parts[2]);
        parts[0].Count.ShouldBe(whole.Count);
        parts[0].Max.ShouldBe(whole.Max);
        for (double share = 0; share <= 1; share += 0.05)
            parts[0].Percentile(share).ShouldBe(whole.Percentile(share));
    }

    [Fact]
    public void Nothing_impossible_is_lost_or_thrown()
    {
        var histogram = new LatencyHistogram();
        histogram.Percentile(0.5).ShouldBe(TimeSpan.Zero);
        histogram.Record(-5);
        histogram.Record(0);
        histogram.Record(long.MaxValue);
        histogram.Count.ShouldBe(3);
        histogram.Percentile(0.5).ShouldBe(TimeSpan.Zero);
        Should.Throw<ArgumentOutOfRangeException>(() => histogram.Percentile(1.1));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            histogram.Record(i * 1_000L);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
