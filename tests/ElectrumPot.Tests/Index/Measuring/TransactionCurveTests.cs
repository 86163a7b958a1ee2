// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Measuring;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Measuring;

public sealed class TransactionCurveTests
{
    [Theory]
    [InlineData(0, 9_999_999, 200)]
    [InlineData(1_000, 2_023, 16)]
    [InlineData(5, 20, 16)]
    public void Samples_are_different_blocks_of_the_range_in_ascending_order(int first, int last, int count)
    {
        int[] heights = TransactionCurve.SampleHeights(first, last, count);

        heights.Length.ShouldBe(count);
        heights.ShouldBe(heights.Distinct().Order());
        heights[0].ShouldBeGreaterThanOrEqualTo(first);
        heights[^1].ShouldBeLessThanOrEqualTo(last);
    }

    [Fact]
    public void Each_sample_stands_for_its_part_of_the_range()
    {
        var curve = new TransactionCurve(100, 399, [1, 10, 4]);

        curve.Between(99, 399).ShouldBe(1500, 1e-6);
        curve.Between(99, 149).ShouldBe(50, 1e-6);
        curve.Between(149, 249).ShouldBe(50 + 500, 1e-6);
        curve.Between(399, 399).ShouldBe(0);
    }

    [Fact]
    public void Blocks_beyond_the_range_count_as_average()
    {
        var curve = new TransactionCurve(100, 399, [1, 10, 4]);

        curve.Between(399, 409).ShouldBe(50, 1e-6);
        curve.Between(89, 99).ShouldBe(50, 1e-6);
    }

    [Fact]
    public void What_remains_only_shrinks_while_the_height_grows()
    {
        var random = new Random(1);
        var curve = new TransactionCurve(17, 5_016, [.. Enumerable.Range(0, 37).Select(_ => random.NextInt64(1, 900))]);
        double before = double.MaxValue;
        for (int height = 16; height <= 5_100; height++)
        {
            double remaining = curve.Between(height, 5_100);
            remaining.ShouldBeLessThan(before);
            before = remaining;
        }

        before.ShouldBe(0);
    }
}
