// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Index.Model;

/// <summary>
/// Makes blocks that are hard on an index: few scripts used over and over, spends within a block, coinbases that share
/// a txid, markers, unspendable and odd scripts, both eras.
/// </summary>
internal sealed class RandomChain(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<ModelBlock> _blocks = [];
    private uint _unique;

    public IReadOnlyList<ModelBlock> Blocks => _blocks;

    public Hash256 TipHash => _blocks.Count == 0 ? Hash256.Zero : _blocks[^1].Hash;

    public ModelBlock AddBlock()
    {
        var naive = new NaiveChain(_blocks);
        Dictionary<OutPoint, long> spendable = naive.Unspent.ToDictionary(pair => pair.Key, pair => pair.Value.Value);
        bool isProofOfStake = _random.Next(2) == 0;
        // The same second again and again: proof-of-stake coinbases repeat their txid.
        uint time = (uint)(1_400_000_000 + (_blocks.Count / 3));
        var transactions = new List<ModelTransaction> { Coinbase(isProofOfStake, time) };
        int count = _random.Next(0, 6);
        for (int i = 0; i < count && spendable.Count > 0; i++)
        {
            ModelTransaction spend = Spend(spendable, time);
            transactions.Add(spend);
            // Some outputs are spent by a later transaction of the same block.
            for (int index = 0; index < spend.Outputs.Count; index++)
            {
                if (!NaiveChain.Contains(ModelScripts.Unspendable, spend.Outputs[index].Script))
                    spendable[new OutPoint(spend.Txid, (uint)index)] = spend.Outputs[index].Value;
            }
        }

        int version = isProofOfStake ? 3 + _random.Next(2) : 1 + _random.Next(2);
        ModelBlock block = BlockBytes.Block(version, _blocks.Count, TipHash, time, transactions);
        _blocks.Add(block);
        return block;
    }

    public void RemoveBlocks(int count) => _blocks.RemoveRange(_blocks.Count - count, count);

    /// <summary>Unconfirmed transactions on top of the tip, some of them chained.</summary>
    public List<ModelTransaction> MakeMempool(int count)
    {
        var naive = new NaiveChain(_blocks);
        Dictionary<OutPoint, long> spendable = naive.Unspent.ToDictionary(pair => pair.Key, pair => pair.Value.Value);
        var mempool = new List<ModelTransaction>();
        for (int i = 0; i < count && spendable.Count > 0; i++)
        {
            ModelTransaction spend = Spend(spendable, 1_500_000_000);
            mempool.Add(spend);
            for (int index = 0; index < spend.Outputs.Count; index++)
            {
                bool isMarker = spend.Outputs[index] is { Script.Length: 0, Value: 0 };
                if (!isMarker && !NaiveChain.Contains(ModelScripts.Unspendable, spend.Outputs[index].Script))
                    spendable[new OutPoint(spend.Txid, (uint)index)] = spend.Outputs[index].Value;
            }
        }

        return mempool;
    }

    private ModelTransaction Coinbase(bool isProofOfStake, uint time)
    {
        OutPoint[] inputs = [new OutPoint(Hash256.Zero, OutPoint.NullIndex)];
        if (isProofOfStake)
            return BlockBytes.Transaction(4, inputs, [new ModelOutput([], 0)], time, [0, 0]);
        // Now and then a coinbase with outputs repeats too, as on Bitcoin before BIP 30.
        byte[] script = _random.Next(4) == 0 ? [1, 7] : [4, .. BitConverter.GetBytes(++_unique)];
        ModelOutput[] outputs = script.Length == 2
            ? [new ModelOutput(ModelScripts.Indexed[0], 50), new ModelOutput(ModelScripts.Indexed[4], 7)]
            : [new ModelOutput(AnyScript(), 5000 + _random.Next(100))];
        return BlockBytes.Transaction(1, inputs, outputs, time, script);
    }

    private ModelTransaction Spend(Dictionary<OutPoint, long> spendable, uint time)
    {
        var inputs = new List<OutPoint>();
        long value = 0;
        int inputCount = Math.Min(spendable.Count, 1 + _random.Next(3));
        for (int i = 0; i < inputCount; i++)
        {
            OutPoint input = spendable.Keys.ElementAt(_random.Next(spendable.Count));
            inputs.Add(input);
            value += spendable[input];
            spendable.Remove(input);
        }

        var outputs = new List<ModelOutput>();
        int outputCount = 1 + _random.Next(4);
        for (int i = 0; i < outputCount; i++)
        {
            long part = i == outputCount - 1 ? value : value / 2;
            value -= part;
            outputs.Add(_random.Next(10) switch
            {
                0 => new ModelOutput(ModelScripts.Unspendable[_random.Next(2)], 0),
                1 => new ModelOutput([], 0),
                _ => new ModelOutput(AnyScript(), part),
            });
        }

        return BlockBytes.Transaction(_random.Next(1, 5), inputs, outputs, time, [1, (byte)_random.Next(256)]);
    }

    private byte[] AnyScript() => ModelScripts.Indexed[_random.Next(ModelScripts.Indexed.Count)];
}
