// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>A straight line through points, by least squares.</summary>
internal static class Trend
{
    /// <returns>Growth of the second for each unit of the first; 0 where fewer than two different first ones tell nothing.</returns>
    public static double SlopeOf(IReadOnlyCollection<(double X, double Y)> points)
    {
        if (points.Count == 0) return 0;
        double meanX = points.Average(point => point.X);
        double meanY = points.Average(point => point.Y);
        double spread = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        return spread == 0 ? 0 : points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / spread;
    }
}
