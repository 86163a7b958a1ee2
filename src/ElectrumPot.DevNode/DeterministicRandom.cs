// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>
/// SplitMix64. The framework promises no fixed sequence for a seeded <see cref="Random"/>; a chain that tests pin by
/// its tip hash needs one.
/// </summary>
internal sealed class DeterministicRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform enough for a simulation: from 0 up to but excluding the bound.</summary>
    public int Below(int bound) => (int)(NextUInt64() % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool OneIn(int n) => Below(n) == 0;
}
