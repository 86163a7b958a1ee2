// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Measuring;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Measuring;

public sealed class ImportMeterTests
{
    private readonly ManualTime _time = new();
    private readonly ImportMeter _meter;

    public ImportMeterTests() => _meter = new ImportMeter(_time);

    [Fact]
    public void A_chain_of_known_size_is_measured_by_its_transactions()
    {
        _meter.Start(Tip(-1, 0));
        _time.Advance(TimeSpan.FromSeconds(10));

        // Half of the blocks, but a tenth of the transactions.
        IndexProgress progress = Measure(Tip(499, 1_000), 999, ChainSize.Known(10_000));

        progress.PercentOf.ShouldBe(ProgressBasis.Transactions);
        progress.Percent.ShouldBe(10);
        progress.ChainTransactions.ShouldBe(10_000);
        progress.IsChainEstimated.ShouldBeFalse();
        progress.BlocksPerSecond.ShouldBe(50);
        progress.TransactionsPerSecond.ShouldBe(100);
        progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public void A_chain_that_was_sampled_is_measured_by_what_there_was_and_what_there_probably_is()
    {
        var curve = new TransactionCurve(0, 999, [1, 1, 1, 1, 1, 1, 1, 1, 9, 9]);
        _meter.Start(Tip(-1, 0));
        _time.Advance(TimeSpan.FromSeconds(10));

        IndexProgress progress = Measure(Tip(799, 600), 999, ChainSize.Estimated(curve));

        progress.IsChainEstimated.ShouldBeTrue();
        progress.ChainTransactions.ShouldBe(600 + 1_800);
        progress.Percent!.Value.ShouldBe(25, 1e-9);
        progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_chain_of_unknown_size_is_measured_by_its_blocks_and_says_so()
    {
        _meter.Start(Tip(99, 500));
        _time.Advance(TimeSpan.FromSeconds(10));

        IndexProgress progress = Measure(Tip(199, 700), 999, size: null);

        progress.PercentOf.ShouldBe(ProgressBasis.Blocks);
        progress.Percent.ShouldBe(20);
        progress.ChainTransactions.ShouldBeNull();
        progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(80));
    }

    [Fact]
    public void The_pace_is_that_of_the_last_minute()
    {
        _meter.Start(Tip(-1, 0));
        int height = -1;
        for (int second = 0; second < 300; second++)
        {
            height += second < 200 ? 1 : 10;
            _time.Advance(TimeSpan.FromSeconds(1));
            Measure(Tip(height, height + 1), 100_000, size: null);
        }

        Measure(Tip(height, height + 1), 100_000, size: null).BlocksPerSecond.ShouldBe(10, 0.001);
    }

    [Fact]
    public void A_standstill_has_no_time_left_to_tell()
    {
        _meter.Start(Tip(10, 10));
        _time.Advance(TimeSpan.FromSeconds(5));

        Measure(Tip(10, 10), 20, ChainSize.Known(50)).TimeLeft.ShouldBeNull();
    }

    [Fact]
    public void The_percentage_never_falls_and_ends_at_a_hundred()
    {
        var random = new Random(2);
        long[] counts = [.. Enumerable.Range(0, 1_000).Select(_ => random.NextDouble() < 0.01 ? random.NextInt64(120, 600) : random.NextInt64(1, 6))];
        int[] samples = TransactionCurve.SampleHeights(0, 999, 50);
        var size = ChainSize.Estimated(new TransactionCurve(0, 999, [.. samples.Select(height => counts[height])]));
        _meter.Start(Tip(-1, 0));
        long transactions = 0;
        double before = 0;
        for (int height = 0; height < counts.Length; height++)
        {
            transactions += counts[height];
            double percent = Measure(Tip(height, transactions), 999, size).Percent!.Value;
            percent.ShouldBeInRange(before, 100);
            before = percent;
        }

        before.ShouldBe(100);
    }

    private static IndexTip Tip(int height, long transactions) => new(height, Hash256.Zero, transactions);

    private IndexProgress Measure(IndexTip tip, int daemonHeight, ChainSize? size) => _meter.Measure(IndexState.Importing, tip, daemonHeight, size);
}
