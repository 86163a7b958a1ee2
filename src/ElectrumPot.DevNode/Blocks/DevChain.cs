// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>
/// The active chain, its unspent outputs, and every block there ever was. Reading is safe from any thread; a list that
/// was handed out does not change.
/// </summary>
public sealed class DevChain
{
    private readonly Lock _gate;
    private readonly List<DevBlock> _active = [];
    private readonly Dictionary<Hash256, DevBlock> _blocks = [];
    private readonly Dictionary<Hash256, (DevBlock Block, DevTransaction Transaction)> _transactions = [];
    private readonly Dictionary<OutPoint, UnspentOutput> _unspent = [];
    private readonly Dictionary<Hash256, List<UnspentOutput>> _undo = [];

    internal DevChain(Lock gate)
    {
        _gate = gate;
        DevBlock genesis = DevBlock.Genesis();
        _active.Add(genesis);
        _blocks[genesis.Hash] = genesis;
        // Its coinbase is neither spendable nor in the transaction index, as in every potcoind.
    }

    public int Height
    {
        get
        {
            lock (_gate) return _active.Count - 1;
        }
    }

    public DevBlock Tip
    {
        get
        {
            lock (_gate) return _active[^1];
        }
    }

    /// <summary>The active chain from the genesis block on, as it is now.</summary>
    public IReadOnlyList<DevBlock> Blocks
    {
        get
        {
            lock (_gate) return [.. _active];
        }
    }

    /// <summary>All unspent outputs, in no particular order. Outputs with an empty script are left out: nobody owns them.</summary>
    public IReadOnlyCollection<UnspentOutput> UnspentOutputs
    {
        get
        {
            lock (_gate) return [.. _unspent.Values];
        }
    }

    public DevBlock BlockAt(int height)
    {
        lock (_gate) return _active[height];
    }

    /// <summary>A block of the active chain or a stale one; null if there never was one of this hash.</summary>
    public DevBlock? FindBlock(Hash256 hash)
    {
        lock (_gate) return _blocks.GetValueOrDefault(hash);
    }

    public bool IsActive(DevBlock block)
    {
        lock (_gate) return block.Height < _active.Count && _active[block.Height].Hash == block.Hash;
    }

    /// <summary>
    /// A transaction and the block that was the last to be connected with it: for the coinbases of blocks of one second,
    /// which share their txid, the last of them. Stays after a reorg.
    /// </summary>
    internal (DevBlock Block, DevTransaction Transaction)? FindTransaction(Hash256 txid) =>
        _transactions.TryGetValue(txid, out (DevBlock, DevTransaction) found) ? found : null;

    internal UnspentOutput? FindUnspent(OutPoint outPoint) => _unspent.GetValueOrDefault(outPoint);

    internal bool HasUnspentOutputOf(DevTransaction transaction) =>
        Enumerable.Range(0, transaction.Outputs.Count).Any(i => _unspent.ContainsKey(new OutPoint(transaction.Txid, (uint)i)));

    /// <summary>Median of the times of the last eleven blocks: the next block's time has to be above it.</summary>
    internal uint MedianTimePast()
    {
        const int Span = 11;
        uint[] times = [.. _active.TakeLast(Span).Select(block => block.Header.Time).Order()];
        return times[times.Length / 2];
    }

    internal void Connect(DevBlock block)
    {
        if (block.Header.PreviousHash != _active[^1].Hash)
            throw new InvalidOperationException($"Block {block.Hash} does not follow the tip.");
        var spent = new List<UnspentOutput>();
        foreach (DevTransaction transaction in block.Transactions)
        {
            if (!transaction.IsCoinbase)
            {
                foreach (TxInput input in transaction.Inputs)
                {
                    if (!_unspent.Remove(input.PreviousOutput, out UnspentOutput? output))
                        throw new InvalidOperationException($"Transaction {transaction.Txid} spends {input.PreviousOutput}, which is not there.");
                    spent.Add(output);
                }
            }

            foreach (UnspentOutput output in OutputsOf(transaction, block.Height))
                _unspent[output.OutPoint] = output;
            _transactions[transaction.Txid] = (block, transaction);
        }

        _undo[block.Hash] = spent;
        _blocks[block.Hash] = block;
        _active.Add(block);
    }

    internal DevBlock DisconnectTip()
    {
        DevBlock tip = _active[^1];
        if (tip.Height == 0)
            throw new InvalidOperationException("The genesis block cannot be disconnected.");
        foreach (UnspentOutput output in tip.Transactions.SelectMany(transaction => OutputsOf(transaction, tip.Height)))
            _unspent.Remove(output.OutPoint);
        // An output made and spent in this very block comes back here and must not stay.
        foreach (UnspentOutput output in _undo[tip.Hash].Where(output => output.Height < tip.Height))
            _unspent[output.OutPoint] = output;
        _active.RemoveAt(_active.Count - 1);
        return tip;
    }

    /// <summary>Leaves out what has an empty script (two outputs in every proof-of-stake block) and what can never be spent.</summary>
    internal static IEnumerable<UnspentOutput> OutputsOf(DevTransaction transaction, int height)
    {
        for (int i = 0; i < transaction.Outputs.Count; i++)
        {
            TxOutput output = transaction.Outputs[i];
            if (output.Script.Length == 0 || output.Script[0] == Op.Return) continue;
            bool isReward = transaction.IsCoinbase || transaction.IsCoinstake;
            yield return new UnspentOutput(new OutPoint(transaction.Txid, (uint)i), output.Value, output.Script, height, isReward, transaction.Time);
        }
    }
}
