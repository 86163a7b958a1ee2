// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Measuring;

/// <summary>
/// Measures the pace of an import over the last minute or so and estimates its end: by transactions where their number
/// is known or estimated, since blocks differ a thousandfold in what they cost, else by blocks.
/// </summary>
internal sealed class ImportMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(10_000);

    private readonly Queue<Moment> _moments = new();
    private Moment _newest;

    public void Start(IndexTip tip)
    {
        _moments.Clear();
        Keep(Now(tip));
    }

    public IndexProgress Measure(IndexState state, IndexTip tip, int daemonHeight, ChainSize? size)
    {
        Moment now = Now(tip);
        while (_moments.Count > 1 && time.GetElapsedTime(_moments.Peek().Timestamp, now.Timestamp) > Window)
            _moments.Dequeue();
        Moment then = _moments.TryPeek(out Moment oldest) ? oldest : now;
        if (time.GetElapsedTime(_newest.Timestamp, now.Timestamp) >= Spacing)
            Keep(now);

        double seconds = time.GetElapsedTime(then.Timestamp, now.Timestamp).TotalSeconds;
        double blockRate = seconds > 0 ? (tip.Height - then.Height) / seconds : 0;
        double transactionRate = seconds > 0 ? (tip.Transactions - then.Transactions) / seconds : 0;
        double? remaining = size?.Remaining(tip, daemonHeight);
        return new IndexProgress(
            state,
            tip.Height,
            daemonHeight,
            tip.Transactions,
            blockRate,
            transactionRate,
            remaining is { } transactions ? TimeFor(transactions, transactionRate) : TimeFor(daemonHeight - tip.Height, blockRate),
            null,
            null)
        {
            PercentOf = remaining is null ? ProgressBasis.Blocks : ProgressBasis.Transactions,
            Percent = remaining is { } left ? Percent(tip.Transactions, left) : Percent(tip.Height + 1, daemonHeight - tip.Height),
            ChainTransactions = remaining is { } more ? tip.Transactions + (long)more : null,
            IsChainEstimated = size is { IsEstimate: true },
        };
    }

    private static double Percent(long done, double left) => left <= 0 ? 100 : 100 * done / (done + left);

    private static TimeSpan? TimeFor(double amount, double rate)
    {
        if (amount <= 0) return TimeSpan.Zero;
        return rate > 0 ? TimeSpan.FromSeconds(Math.Min(amount / rate, Longest.TotalSeconds)) : null;
    }

    private Moment Now(IndexTip tip) => new(time.GetTimestamp(), tip.Height, tip.Transactions);

    private void Keep(Moment moment)
    {
        _moments.Enqueue(moment);
        _newest = moment;
    }

    private readonly record struct Moment(long Timestamp, int Height, long Transactions);
}
