// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>An output that nothing in the active chain has spent.</summary>
/// <param name="Value">In 1e-8 POT.</param>
/// <param name="Height">Of its block; <see cref="InMempool"/> for one that is not in a block yet.</param>
/// <param name="IsReward">From a coinbase or coinstake: to be spent five blocks later at the earliest.</param>
/// <param name="Time">nTime of its transaction; 0 for versions without.</param>
public sealed record UnspentOutput(OutPoint OutPoint, long Value, byte[] Script, int Height, bool IsReward, uint Time)
{
    public const int InMempool = int.MaxValue;
}
