// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>An output that can be spent.</summary>
/// <param name="IsMaker">Locked by the plain key of a miner or staker, whatever kind the script's number stands for.</param>
internal readonly record struct UnspentCoin(Hash256 Txid, int Index, int Script, long Value, bool IsMaker);

/// <summary>All unspent outputs. Half of what is spent is young, the other half of any age, as on real chains.</summary>
internal sealed class CoinPool(DeterministicRandom random)
{
    private const int Young = 2_000;

    private readonly List<UnspentCoin> _coins = [];

    public int Count => _coins.Count;

    public void Add(UnspentCoin coin) => _coins.Add(coin);

    public UnspentCoin Take()
    {
        int at = _coins.Count > Young && random.Unit() < 0.5 ? _coins.Count - 1 - random.Below(Young) : random.Below(_coins.Count);
        UnspentCoin coin = _coins[at];
        _coins[at] = _coins[^1];
        _coins.RemoveAt(_coins.Count - 1);
        return coin;
    }
}
