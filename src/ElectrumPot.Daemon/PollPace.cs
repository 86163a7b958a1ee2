// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// The pause between two questions that are repeated for ever: short, so that wallets hear of things at once, unless the
/// daemon takes long to answer. Then it is asked so seldom that it spends at most a fiftieth of its time on it.
/// </summary>
/// <param name="interval">The shortest pause.</param>
public sealed class PollPace(TimeSpan interval, TimeProvider time)
{
    private const int Parts = 50;

    // Of old answers in the average, so that a single slow one does not count for much.
    private const double Memory = 0.75;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _cost;

    public TimeSpan Pause
    {
        get
        {
            TimeSpan pause = _cost * (Parts - 1);
            TimeSpan longest = interval > Longest ? interval : Longest;
            return pause < interval ? interval : pause > longest ? longest : pause;
        }
    }

    /// <summary>Before a question; its result is for <see cref="End"/>.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>After the answer.</summary>
    public void End(long began) => _cost = (_cost * Memory) + (time.GetElapsedTime(began) * (1 - Memory));
}
