// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>What all sessions together have of something. From any thread; whoever takes gives the same amount back.</summary>
internal sealed class SharedTotal(long max)
{
    private long _taken;

    public long Max => max;

    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Three quarters are taken.</summary>
    public bool IsTight => Taken > max / 4 * 3;

    /// <summary>Takes even beyond the maximum.</summary>
    public void Take(long amount) => Interlocked.Add(ref _taken, amount);

    /// <returns>False, and nothing is taken, when that would be more than the maximum.</returns>
    public bool TryTake(long amount)
    {
        if (Interlocked.Add(ref _taken, amount) <= max) return true;
        GiveBack(amount);
        return false;
    }

    public void GiveBack(long amount) => Interlocked.Add(ref _taken, -amount);
}
