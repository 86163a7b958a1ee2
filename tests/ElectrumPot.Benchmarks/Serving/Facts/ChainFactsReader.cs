// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Benchmarks.Serving.Facts;

/// <summary>Counts a chain block by block, in order.</summary>
internal sealed class ChainFactsReader(Coin coin)
{
    private readonly Dictionary<Hash256, int> _numbers = [];
    private readonly List<Hash256> _scripts = [];
    private readonly List<int> _entries = [];
    private readonly List<int> _lastTransaction = [];
    private readonly List<long> _balances = [];
    private readonly List<int> _unspentOutputs = [];
    private readonly List<(int Script, int Transaction)> _touches = [];
    private readonly Dictionary<OutPoint, (int Script, long Value)> _unspent = [];
    private readonly List<TransactionFact> _transactions = [];
    private readonly List<Hash256> _roots = [];
    private int _transaction;

    /// <summary>Of the last block that was added; -1 before the first.</summary>
    public int Height => _roots.Count - 1;

    public static async Task<ChainFacts> ReadAsync(Coin coin, DaemonClient daemon, int height, CancellationToken cancellation)
    {
        var reader = new ChainFactsReader(coin);
        await foreach (SourceBlock block in new RpcBlockSource(daemon, new RpcBlockSourceOptions()).ReadAsync(0, height, cancellation))
            reader.Add(block.Raw.Span, touched: null);
        return reader.Summarise();
    }

    /// <summary>Adds the blocks up to a height.</summary>
    public void AddTo(int height, BlockStore store)
    {
        while (Height < height)
            AddNext(store, touched: null);
    }

    /// <param name="touched">Receives the scripts that the block touches.</param>
    public void AddNext(BlockStore store, ISet<Hash256>? touched)
    {
        byte[] block = new byte[store.Chain.Places[Height + 1].Length];
        store.Read(store.Chain.Places[Height + 1], block);
        Add(block, touched);
    }

    public ChainFacts Summarise()
    {
        var scripts = new ScriptFact[_scripts.Count];
        for (int i = 0; i < scripts.Length; i++)
            scripts[i] = new ScriptFact(_scripts[i], _entries[i]);
        // Scripts of equal length in an order that is the same everywhere.
        Array.Sort(scripts, (left, right) => left.Entries != right.Entries ? right.Entries.CompareTo(left.Entries) : left.Hash.CompareTo(right.Hash));
        ScriptStates states = ScriptStates.Make(new Dictionary<Hash256, int>(_numbers), _entries, _touches, [.. _balances], [.. _unspentOutputs]);
        return new ChainFacts(coin, Height, scripts, [.. _transactions], [.. _roots], states);
    }

    private void Add(ReadOnlySpan<byte> raw, ISet<Hash256>? touched)
    {
        int height = _roots.Count;
        var reader = new BlockReader(raw, coin.BlockFormat, coin.TransactionFormat);
        _roots.Add(BlockHeader.Parse(reader.Header).MerkleRoot);
        for (int position = 0; reader.TryReadTransaction(out TransactionView transaction); position++)
        {
            Hash256 txid = transaction.ComputeTxid();
            _transaction++;
            foreach (InputView input in transaction.Inputs)
            {
                if (!_unspent.Remove(input.PreviousOutput, out (int Script, long Value) spent)) continue;
                _balances[spent.Script] -= spent.Value;
                _unspentOutputs[spent.Script]--;
                Touch(spent.Script, touched);
            }

            // The first block's coinbase is in no index.
            if (height == 0) continue;
            uint index = 0;
            foreach (OutputView output in transaction.Outputs)
            {
                if (BlockDigester.IsIndexed(output))
                {
                    int script = NumberOf(ScriptHash.Of(output.Script));
                    Touch(script, touched);
                    _unspent[new OutPoint(txid, index)] = (script, output.Value);
                    _balances[script] += output.Value;
                    _unspentOutputs[script]++;
                }

                index++;
            }

            _transactions.Add(new TransactionFact(txid, height, position));
        }
    }

    private void Touch(int script, ISet<Hash256>? touched)
    {
        touched?.Add(_scripts[script]);
        if (_lastTransaction[script] == _transaction) return;
        _lastTransaction[script] = _transaction;
        _entries[script]++;
        // The transaction itself is added when all that it touches is known.
        _touches.Add((script, _transactions.Count));
    }

    private int NumberOf(Hash256 script)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, script, out bool isKnown);
        if (isKnown) return number;
        number = _scripts.Count;
        _scripts.Add(script);
        _entries.Add(0);
        _lastTransaction.Add(0);
        _balances.Add(0);
        _unspentOutputs.Add(0);
        return number;
    }
}
