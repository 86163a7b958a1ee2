// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Mempool;

/// <summary>Looks up an output that is confirmed and unspent in the chain.</summary>
internal delegate bool ConfirmedOutputLookup(OutPoint outPoint, out HashX script, out long value);

/// <summary>
/// Follows the daemon's mempool and the blocks, and makes a view of each state. Belongs to the one thread that follows
/// the chain.
/// </summary>
internal sealed class MempoolTracker(Coin coin)
{
    /// <summary>Every transaction that the daemon lists, by txid.</summary>
    private readonly Dictionary<Hash256, Listed> _listed = [];

    /// <summary>Those of them whose inputs are known; the others wait for a block or a parent that is still on its way.</summary>
    private Dictionary<Hash256, MempoolEntry> _resolved = [];

    private Dictionary<OutPoint, Hash256> _spenders = [];

    private long _lastArrival;

    // So that the first look at the daemon's mempool makes a view, even of an empty one.
    private bool _isViewStale = true;

    private bool _isUpdateDue = true;

    /// <summary>Txids whose bytes need not be fetched.</summary>
    public IReadOnlySet<Hash256> Known => _listed.Keys.ToHashSet();

    /// <summary>False at the start and after a reorganisation, until an update has looked at everything.</summary>
    public bool IsCurrent => !_isUpdateDue;

    public MempoolView View { get; private set; } = MempoolView.Unknown;

    /// <summary>Takes over what a poll has found.</summary>
    /// <param name="listed">All txids of the daemon's mempool.</param>
    /// <param name="added">Bytes of those that were not known.</param>
    /// <param name="touched">Collects the scripts whose entries changed.</param>
    /// <returns>True when the view changed.</returns>
    public bool Update(
        IReadOnlyCollection<Hash256> listed,
        IEnumerable<MempoolTransaction> added,
        ConfirmedOutputLookup lookup,
        HashSet<HashX> touched)
    {
        var listedSet = listed as IReadOnlySet<Hash256> ?? listed.ToHashSet();
        foreach (Hash256 gone in _listed.Keys.Where(txid => !listedSet.Contains(txid)).ToList())
            Remove(gone, touched);
        foreach ((Hash256 txid, ReadOnlyMemory<byte> raw) in added)
            _listed.TryAdd(txid, new Listed(raw, ++_lastArrival));
        ResolveWaiting(lookup, touched);
        _isUpdateDue = false;
        return RefreshView(touched);
    }

    /// <summary>Takes a block out of the mempool: its transactions, and what it made impossible.</summary>
    public void Connect(BlockDigest block, HashSet<HashX> touched)
    {
        foreach (Hash256 txid in block.Txids)
            Remove(txid, touched);
        foreach (DigestInput input in block.Inputs)
        {
            if (_spenders.TryGetValue(input.PreviousOutput, out Hash256 conflict))
                RemoveWithDescendants(conflict, touched);
        }

        RefreshView(touched);
    }

    /// <summary>
    /// After blocks were undone: outputs that were confirmed may be gone or unconfirmed again, so that every
    /// transaction is looked at anew with the next update.
    /// </summary>
    public void Rewind(HashSet<HashX> touched)
    {
        foreach (MempoolEntry transaction in _resolved.Values)
            Touch(transaction, touched);
        _resolved = [];
        _spenders = [];
        _isViewStale = _isUpdateDue = true;
    }

    private void ResolveWaiting(ConfirmedOutputLookup lookup, HashSet<HashX> touched)
    {
        var waiting = _listed.Where(pair => !_resolved.ContainsKey(pair.Key)).ToList();
        // A chain of unconfirmed transactions may come child first: go on while a round resolves something.
        for (bool isProgress = true; isProgress && waiting.Count > 0;)
        {
            isProgress = false;
            for (int i = waiting.Count - 1; i >= 0; i--)
            {
                if (!TryResolve(waiting[i].Key, waiting[i].Value, lookup, out MempoolEntry? transaction)) continue;
                _resolved.Add(transaction.Txid, transaction);
                foreach (MempoolInput input in transaction.Inputs)
                    _spenders[input.PreviousOutput] = transaction.Txid;
                Touch(transaction, touched);
                waiting.RemoveAt(i);
                isProgress = true;
                _isViewStale = true;
            }
        }
    }

    private bool TryResolve(
        Hash256 txid, Listed listed, ConfirmedOutputLookup lookup, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MempoolEntry? transaction)
    {
        transaction = null;
        TransactionView view = TransactionReader.ReadWhole(listed.Raw.Span, coin.TransactionFormat);
        var inputs = new MempoolInput[view.InputCount];
        var scripts = new HashSet<HashX>();
        long fee = 0;
        int height = 0;
        int index = 0;
        foreach (InputView input in view.Inputs)
        {
            OutPoint previous = input.PreviousOutput;
            if (TryGetPending(previous, out HashX script, out long value))
                height = -1;
            else if (!lookup(previous, out script, out value))
                return false;
            inputs[index++] = new MempoolInput(previous, script, value);
            scripts.Add(script);
            fee += value;
        }

        var outputs = new List<MempoolOutput>(view.OutputCount);
        var aliases = new List<ScriptAlias>();
        int outputIndex = 0;
        foreach (OutputView output in view.Outputs)
        {
            fee -= output.Value;
            if (BlockDigester.IsIndexed(output))
            {
                HashX script = BlockDigester.ScriptOf(output.Script, out HashX? addressScript);
                outputs.Add(new MempoolOutput(outputIndex, script, output.Value));
                scripts.Add(script);
                if (addressScript is { } address)
                    aliases.Add(new ScriptAlias(address, script));
            }

            outputIndex++;
        }

        transaction = new MempoolEntry
        {
            Txid = txid,
            Raw = listed.Raw,
            Arrival = listed.Arrival,
            VirtualSize = view.VirtualSize,
            Fee = Math.Max(0, fee),
            Inputs = inputs,
            Outputs = [.. outputs],
            Aliases = [.. aliases],
            Scripts = [.. scripts],
            Height = height,
        };
        return true;
    }

    private bool TryGetPending(OutPoint outPoint, out HashX script, out long value)
    {
        (script, value) = (default, 0);
        if (!_resolved.TryGetValue(outPoint.Txid, out MempoolEntry? parent)) return false;
        foreach (MempoolOutput output in parent.Outputs)
        {
            if (output.Index != outPoint.Index) continue;
            (script, value) = (output.Script, output.Value);
            return true;
        }

        return false;
    }

    private void Remove(Hash256 txid, HashSet<HashX> touched)
    {
        _listed.Remove(txid);
        if (!_resolved.Remove(txid, out MempoolEntry? transaction)) return;
        foreach (MempoolInput input in transaction.Inputs)
        {
            if (_spenders.GetValueOrDefault(input.PreviousOutput) == txid)
                _spenders.Remove(input.PreviousOutput);
        }

        Touch(transaction, touched);
        _isViewStale = true;
    }

    private void RemoveWithDescendants(Hash256 txid, HashSet<HashX> touched)
    {
        var doomed = new Queue<Hash256>([txid]);
        while (doomed.TryDequeue(out Hash256 next))
        {
            if (_resolved.TryGetValue(next, out MempoolEntry? transaction))
            {
                foreach (MempoolOutput output in transaction.Outputs)
                {
                    if (_spenders.TryGetValue(new OutPoint(next, (uint)output.Index), out Hash256 child))
                        doomed.Enqueue(child);
                }
            }

            Remove(next, touched);
        }
    }

    private bool RefreshView(HashSet<HashX> touched)
    {
        if (!_isViewStale) return false;
        var transactions = new Dictionary<Hash256, MempoolEntry>(_resolved.Count);
        foreach (MempoolEntry transaction in _resolved.Values)
            transactions.Add(transaction.Txid, WithCurrentHeight(transaction, touched));
        _resolved = transactions;
        View = new MempoolView(new Dictionary<Hash256, MempoolEntry>(transactions));
        _isViewStale = false;
        return true;
    }

    /// <summary>The height changes from -1 to 0 when the last unconfirmed parent gets into a block, and back when it falls out.</summary>
    private MempoolEntry WithCurrentHeight(MempoolEntry transaction, HashSet<HashX> touched)
    {
        int height = transaction.Inputs.Any(input => _resolved.ContainsKey(input.PreviousOutput.Txid)) ? -1 : 0;
        if (height == transaction.Height) return transaction;
        Touch(transaction, touched);
        return new MempoolEntry
        {
            Txid = transaction.Txid,
            Raw = transaction.Raw,
            Arrival = transaction.Arrival,
            VirtualSize = transaction.VirtualSize,
            Fee = transaction.Fee,
            Inputs = transaction.Inputs,
            Outputs = transaction.Outputs,
            Aliases = transaction.Aliases,
            Scripts = transaction.Scripts,
            Height = height,
        };
    }

    private static void Touch(MempoolEntry transaction, HashSet<HashX> touched)
    {
        touched.Add(HashX.OfTxid(transaction.Txid));
        touched.UnionWith(transaction.Scripts);
        foreach (MempoolInput input in transaction.Inputs)
            touched.Add(HashX.OfOutPoint(input.PreviousOutput));
        foreach (ScriptAlias alias in transaction.Aliases)
            touched.Add(alias.AddressScript);
    }

    private readonly record struct Listed(ReadOnlyMemory<byte> Raw, long Arrival);
}
