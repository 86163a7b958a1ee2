// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>What came out.</summary>
internal sealed record ChainStatistics(
    int Height, long Transactions, long Inputs, long Outputs, long Bytes, int LargestBlock, int Scripts, int UpToFiveEntries, int OverHundredEntries, int OverTenThousandEntries, int LongestHistory);

/// <summary>
/// Makes a chain that depends on nothing but shape, length and seed. Blocks link, txids and merkle roots are right and
/// every input spends an output that is there, since that is what an index looks at; signatures are random, amounts are only
/// roughly kept, and no block has work, since nobody checks them.
/// </summary>
internal sealed class ChainGenerator
{
    private const int Maturity = 100;
    private const int MaxBlockBytes = 950_000;

    /// <summary>As long as there are fewer unspent outputs, payments have one input and many outputs.</summary>
    private const int EnoughCoins = 20_000;

    /// <summary>With the one that makes money, the 600 transactions of a full block.</summary>
    private const int PaymentsOfFullBlock = 599;

    private const int Miners = 24;
    private const int Stakers = 500;
    private const int BlockTime = 40;
    private const long Subsidy = 50_00000000;

    private readonly ChainShape _shape;
    private readonly DeterministicRandom _random;
    private readonly ScriptSource _scripts;
    private readonly CoinPool _coins;
    private readonly TransactionWriter _writer;
    private readonly Queue<UnspentCoin> _immature = new();
    private readonly UnspentCoin?[] _stakes = new UnspentCoin?[Stakers + 4];
    private readonly ByteSink _body = new();
    private readonly ByteSink _block = new();
    private readonly List<Hash256> _txids = [];
    private readonly List<UnspentCoin> _inputs = [];
    private readonly List<NewOutput> _outputs = [];
    private long _transactions;
    private long _spent;
    private long _made;

    public ChainGenerator(ChainShape shape, ulong seed)
    {
        _shape = shape;
        _random = new DeterministicRandom(seed);
        _scripts = new ScriptSource(seed, shape);
        _coins = new CoinPool(_random);
        _writer = new TransactionWriter(_scripts, _random);
    }

    /// <param name="fullBlocks">So many more follow, of 600 transactions each.</param>
    public ChainStatistics Generate(int height, BlockFileWriter files, int fullBlocks = 0)
    {
        byte[] genesis = Convert.FromHexString(_shape.Genesis);
        Hash256 previous = BlockHeader.HashOf(genesis);
        BlockHeader first = BlockHeader.Parse(genesis);
        files.Add(genesis, previous);
        _transactions = 1;
        long bytes = genesis.Length;
        int largest = 0;
        for (int at = 1; at <= height + fullBlocks; at++)
        {
            uint time = first.Time + (uint)(at * BlockTime);
            bool isStaked = at >= _shape.FirstStakedBlock;
            FillBlock(at, time, isStaked, isFull: at > height);
            var header = new BlockHeader(
                isStaked ? 4 : 2, previous, MerkleTree.FoldRoot(_txids.ToArray()), time, first.Bits, (uint)at);
            Serialise(header, isStaked);
            previous = header.ComputeHash();
            files.Add(_block.Written, previous);
            bytes += _block.Length;
            largest = Math.Max(largest, _block.Length);
        }

        files.Finish();
        IReadOnlyList<int> entries = _scripts.Entries;
        return new ChainStatistics(
            height + fullBlocks, _transactions, _spent, _made, bytes, largest, entries.Count(n => n > 0), entries.Count(n => n is > 0 and <= 5), entries.Count(n => n > 100), entries.Count(n => n > 10_000), entries.Max());
    }

    private void Serialise(BlockHeader header, bool isSigned)
    {
        _block.Clear();
        header.CopyTo(_block.Take(BlockHeader.Size));
        _block.Count(_txids.Count);
        _block.Bytes(_body.Written);
        if (!isSigned) return;
        int size = _random.Between(70, 72);
        _block.Count(size);
        _random.Fill(_block.Take(size));
    }

    private void FillBlock(int height, uint time, bool isStaked, bool isFull)
    {
        _body.Clear();
        _txids.Clear();
        int payments = isFull ? PaymentsOfFullBlock : height <= Maturity + 1 ? 0 : _shape.DrawTransactions(_random);
        UnspentCoin reward = default;
        if (isStaked) Stake(time);
        else reward = Mine(height, commits: _shape.HasWitness && payments > 0);
        int version = isStaked ? 4 : 2;
        for (int i = 0; i < payments && _coins.Count > 4 && _body.Length < MaxBlockBytes; i++)
            Pay(version, time);
        // Only now, so that nothing is spent in the block that made it mature.
        if (isStaked) return;
        _immature.Enqueue(reward);
        if (_immature.Count > Maturity) Mature(_immature.Dequeue());
    }

    private UnspentCoin Mine(int height, bool commits)
    {
        int miner = ScriptSource.PickMaker(_random, _shape.FirstStakedBlock < int.MaxValue ? Stakers : Miners);
        Hash256 txid = Finish(_writer.WriteCoinbase(_body, height, new NewOutput(miner, Subsidy, IsMaker: true), commits));
        _scripts.Touch(miner, _transactions);
        _made += commits ? 2 : 1;
        return new UnspentCoin(txid, 0, miner, Subsidy, IsMaker: true);
    }

    /// <summary>Where there will be stakers, each keeps the first coin that it gets.</summary>
    private void Mature(UnspentCoin coin)
    {
        if (_shape.FirstStakedBlock < int.MaxValue && _stakes[coin.Script] is null) _stakes[coin.Script] = coin;
        else _coins.Add(coin);
    }

    /// <summary>A staker's coin comes back to him, a little larger.</summary>
    private void Stake(uint time)
    {
        int staker;
        do staker = ScriptSource.PickMaker(_random, Stakers);
        while (_stakes[staker] is null);
        UnspentCoin coin = _stakes[staker]!.Value;
        Finish(_writer.WriteEmptyCoinbase(_body, time));
        long value = coin.Value + (coin.Value >> 12);
        Hash256 txid = Finish(_writer.Write(_body, 4, time, [coin], [new NewOutput(staker, value, IsMaker: true)], carriesData: false, startsEmpty: true));
        _scripts.Touch(staker, _transactions);
        _stakes[staker] = new UnspentCoin(txid, 1, staker, value, IsMaker: true);
        _spent++;
        _made += 3;
    }

    private void Pay(int version, uint time)
    {
        bool isSpreading = _coins.Count < EnoughCoins;
        int inputs = isSpreading ? 1 : Math.Min(DrawInputs(), _coins.Count - 1);
        int outputs = isSpreading ? _random.Between(8, 60) : DrawOutputs();
        long value = 0;
        _inputs.Clear();
        _outputs.Clear();
        for (int i = 0; i < inputs; i++)
        {
            _inputs.Add(_coins.Take());
            value += _inputs[^1].Value;
        }

        for (int i = 0; i < outputs; i++)
        {
            long part = Math.Max(1, (long)(value / (outputs - i) * (0.2 + (1.6 * _random.Unit()))));
            if (i == outputs - 1 || part > value) part = Math.Max(1, value);
            value -= part;
            _outputs.Add(new NewOutput(_scripts.Pick(_random), part, IsMaker: false));
        }

        bool carriesData = _random.Unit() < 0.03;
        ReadOnlySpan<UnspentCoin> spent = CollectionsMarshal.AsSpan(_inputs);
        Hash256 txid = Finish(_writer.Write(_body, version, time, spent, CollectionsMarshal.AsSpan(_outputs), carriesData));
        foreach (UnspentCoin coin in _inputs)
            _scripts.Touch(coin.Script, _transactions);
        for (int i = 0; i < _outputs.Count; i++)
        {
            _scripts.Touch(_outputs[i].Script, _transactions);
            _coins.Add(new UnspentCoin(txid, i, _outputs[i].Script, _outputs[i].Value, IsMaker: false));
        }

        _spent += _inputs.Count;
        _made += _outputs.Count + (carriesData ? 1 : 0);
    }

    private Hash256 Finish(Hash256 txid)
    {
        _txids.Add(txid);
        _transactions++;
        return txid;
    }

    private int DrawInputs() => _random.Unit() switch
    {
        < 0.60 => 1,
        < 0.80 => 2,
        < 0.97 => _random.Between(3, 6),
        _ => _random.Between(10, 40),
    };

    private int DrawOutputs() => _random.Unit() switch
    {
        < 0.15 => 1,
        < 0.70 => 2,
        < 0.80 => 3,
        < 0.98 => _random.Between(4, 10),
        _ => _random.Between(20, 60),
    };
}
