// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Measuring;

/// <summary>
/// An estimate of how the transactions of a range of blocks are spread over it, from blocks at even distances: each
/// stands for its surroundings. Its size depends on the number of samples, not on the range.
/// </summary>
internal sealed class TransactionCurve
{
    private readonly long[] _counts;
    private readonly int _first;
    private readonly double _stride;
    private readonly double _average;

    /// <param name="counts">Transactions of the blocks at <see cref="SampleHeights"/>.</param>
    public TransactionCurve(int first, int last, long[] counts)
    {
        _counts = counts;
        _first = first;
        Last = last;
        _stride = Stride(first, last, counts.Length);
        _average = counts.Average();
    }

    public int First => _first;

    public int Last { get; }

    /// <summary>Heights of the blocks to look at, ascending.</summary>
    public static int[] SampleHeights(int first, int last, int count)
    {
        double stride = Stride(first, last, count);
        int[] heights = new int[count];
        for (int i = 0; i < count; i++)
            heights[i] = first + (int)((i + 0.5) * stride);
        return heights;
    }

    /// <summary>Estimated transactions of the blocks above one height up to another. Beyond the range they are taken for average.</summary>
    public double Between(int above, int last) => last <= above ? 0 : UpTo(last) - UpTo(above);

    private static double Stride(int first, int last, int count) => (last - first + 1.0) / count;

    private double UpTo(int height)
    {
        double blocks = height - _first + 1.0;
        if (blocks <= 0) return blocks * _average;
        double sum = 0;
        foreach (long count in _counts)
        {
            double part = Math.Min(blocks, _stride);
            sum += part * count;
            blocks -= part;
            if (blocks <= 0) return sum;
        }

        return sum + (blocks * _average);
    }
}
