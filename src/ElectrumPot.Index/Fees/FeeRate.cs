// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Fees;

/// <summary>Fee rates are smallest units per 1000 virtual bytes, rounded down.</summary>
public static class FeeRate
{
    public const int UnitBytes = 1000;

    /// <param name="fee">In the smallest unit; below zero counts as zero.</param>
    public static long Of(long fee, int virtualSize) =>
        Math.Clamp(fee, 0, long.MaxValue / UnitBytes) * UnitBytes / Math.Max(1, virtualSize);
}
