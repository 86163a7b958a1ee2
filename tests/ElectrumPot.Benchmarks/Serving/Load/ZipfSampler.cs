// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Draws places from 0 on, the first most often: place n with a weight of 1 / (n + 1)^exponent.</summary>
internal sealed class ZipfSampler
{
    private readonly double[] _reach;

    /// <param name="count">At least one.</param>
    /// <param name="exponent">0 draws all alike.</param>
    public ZipfSampler(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _reach = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
            _reach[i] = sum += Math.Pow(i + 1, -exponent);
    }

    public int Draw(DeterministicRandom random)
    {
        int found = Array.BinarySearch(_reach, random.Unit() * _reach[^1]);
        return Math.Min(found < 0 ? ~found : found, _reach.Length - 1);
    }
}
