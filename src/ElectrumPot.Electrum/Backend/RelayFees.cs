// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Backend;

/// <summary>What the daemon asks of a transaction before it takes and relays it, in the smallest unit per 1000 bytes.</summary>
/// <param name="Minimum">What it always asks.</param>
/// <param name="MempoolMinimum">What it asks now; higher while its mempool is full.</param>
/// <param name="Increment">What a replacement must add to what it replaces.</param>
public readonly record struct RelayFees(long Minimum, long MempoolMinimum, long Increment)
{
    /// <summary>For a daemon that knows one fee only.</summary>
    public static RelayFees Of(long fee) => new(fee, fee, fee);
}
