// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Following;

/// <summary>Measures the pace of an import over the last minute or so and estimates its end.</summary>
internal sealed class ImportMeter(TimeProvider time)
{
    private const int Samples = 12;

    private readonly Queue<(long Timestamp, int Height, long Transactions)> _samples = new();

    public void Start(IndexTip tip)
    {
        _samples.Clear();
        _samples.Enqueue((time.GetTimestamp(), tip.Height, tip.Transactions));
    }

    public IndexProgress Measure(IndexState state, IndexTip tip, int daemonHeight, DateTimeOffset? lastBlockAt)
    {
        long now = time.GetTimestamp();
        (long then, int height, long transactions) = _samples.Count > 0 ? _samples.Peek() : (now, tip.Height, tip.Transactions);
        _samples.Enqueue((now, tip.Height, tip.Transactions));
        if (_samples.Count > Samples) _samples.Dequeue();

        double seconds = time.GetElapsedTime(then, now).TotalSeconds;
        double blocks = seconds > 0 ? (tip.Height - height) / seconds : 0;
        double rate = seconds > 0 ? (tip.Transactions - transactions) / seconds : 0;
        TimeSpan? left = blocks > 0 ? TimeSpan.FromSeconds(Math.Min((daemonHeight - tip.Height) / blocks, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
        return new IndexProgress(state, tip.Height, daemonHeight, tip.Transactions, blocks, rate, left, lastBlockAt, null);
    }
}
