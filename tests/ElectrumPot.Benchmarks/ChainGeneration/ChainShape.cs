// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>What a generated chain looks like: of which coin, how full its blocks are, and who stakes.</summary>
/// <param name="Name">Part of the name of its folder.</param>
/// <param name="Genesis">Raw first block of the coin, hexadecimal.</param>
/// <param name="HasWitness">Native and nested witness outputs occur.</param>
/// <param name="FirstStakedBlock">Height from which on every block has a coinstake and a signature; none if beyond the chain.</param>
/// <param name="KnowsTotal">Its daemon has <c>getchaintxstats</c>, as newer ones do.</param>
internal sealed record ChainShape(string Name, string CoinName, string Genesis, bool HasWitness, int FirstStakedBlock, bool KnowsTotal)
{
    private const string LitecoinRegtestGenesis =
        "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed1130f7b7faad9be25323ffafa33232a17c3edf6cfd97bee6bafbdd97"
        + "dae5494dffff7f2000000000"
        + "0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff48"
        + "04ffff001d0104404e592054696d65732030352f4f63742f32303131205374657665204a6f62732c204170706c65e280997320566973696f6e6172792c2044696573206174203536"
        + "ffffffff0100f2052a0100000043410401"
        + "84710fa689ad5023690c80f3a49c8f13f8d45b8c857fbcbc8bc4a8e4d3eb4b10f4d4604fa08dce601aaf0f470216fe1b51850b4acf21b179c45070ac7b03a9"
        + "ac00000000";

    /// <summary>A chain as that of a large coin: most blocks are small, one in a hundred is large, histories have a heavy tail.</summary>
    public static ChainShape Busy { get; } = new("busy", "litecoin-regtest", LitecoinRegtestGenesis, HasWitness: true, int.MaxValue, KnowsTotal: true);

    /// <summary>Potcoin: nearly every block is staked, has two transactions that belong to the staking, and few others.</summary>
    public static ChainShape Quiet { get; } = new("quiet", "potcoin", GenesisBlock.Hex, HasWitness: false, FirstStakedBlock: 1_000, KnowsTotal: false);

    public static IReadOnlyList<ChainShape> All { get; } = [Busy, Quiet];

    public Coin Coin => CoinRegistry.BuiltIn.Get(CoinName);

    /// <summary>Transactions of a block besides those that make money.</summary>
    public int DrawTransactions(DeterministicRandom random)
    {
        double draw = random.Unit();
        return this == Busy
            ? draw switch
            {
                < 0.60 => random.Between(1, 6),
                < 0.90 => random.Between(6, 25),
                < 0.99 => random.Between(25, 120),
                _ => random.Between(120, 600),
            }
            : draw switch
            {
                < 0.60 => 0,
                < 0.85 => 1,
                < 0.95 => random.Between(2, 4),
                _ => random.Between(4, 16),
            };
    }
}
