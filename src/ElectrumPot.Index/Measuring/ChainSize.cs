// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Measuring;

/// <summary>What is known of the number of transactions in the daemon's chain: the number, or an estimate.</summary>
internal sealed class ChainSize
{
    private readonly long _total;

    private ChainSize(long total, TransactionCurve? curve)
    {
        _total = total;
        Curve = curve;
    }

    /// <summary>Null where the number is known.</summary>
    public TransactionCurve? Curve { get; }

    public bool IsEstimate => Curve is not null;

    public static ChainSize Known(long total) => new(total, null);

    public static ChainSize Estimated(TransactionCurve curve) => new(0, curve);

    /// <summary>Transactions between the index's tip and the daemon's.</summary>
    public double Remaining(IndexTip tip, int daemonHeight) =>
        Curve is { } curve ? curve.Between(tip.Height, daemonHeight) : Math.Max(0, _total - tip.Transactions);
}
