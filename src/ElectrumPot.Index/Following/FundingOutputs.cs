// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Script and value of outputs that were spent, read again from their transactions: those of the block itself, of the
/// store, of the daemon by txid, and, where it has no index of transactions, of its blocks.
/// </summary>
internal sealed class FundingOutputs(IndexWriter writer, DaemonClient daemon, Coin coin)
{
    private const int TransactionsPerBatch = 200;
    private const long CacheBytes = 32 << 20;

    // Neighbouring blocks spend from the same ones.
    private readonly ByteBudgetCache<Hash256> _blocks = new(CacheBytes);
    private readonly Dictionary<OutputLocation, OutputValue> _found = [];
    private readonly Dictionary<TxLocation, List<int>> _wanted = [];

    /// <summary>Valid until the next call; lacks outputs that are not indexed.</summary>
    public IReadOnlyDictionary<OutputLocation, OutputValue> Found => _found;

    /// <param name="block">With its bytes.</param>
    /// <returns>False when the daemon does not have a block that is needed, or has it damaged.</returns>
    public async Task<bool> TryReadAsync(BlockDigest block, IEnumerable<OutputLocation> outputs, CancellationToken cancellation)
    {
        _found.Clear();
        _wanted.Clear();
        foreach (OutputLocation output in outputs)
        {
            if (!_wanted.TryGetValue(output.Transaction, out List<int>? indexes)) _wanted[output.Transaction] = indexes = [];
            indexes.Add(output.Index);
        }

        TakeFromBlock(block);
        TakeFromStore();
        await TakeByTxidAsync(cancellation);
        return await TryTakeFromBlocksAsync(cancellation);
    }

    private void TakeFromBlock(BlockDigest block)
    {
        foreach (TxLocation location in _wanted.Keys.Where(location => location.Height == block.Height).ToList())
            Take(location, block.Raw.Span[block.TransactionOffsets[location.Position]..block.TransactionOffsets[location.Position + 1]]);
    }

    private void TakeFromStore()
    {
        foreach (TxLocation location in _wanted.Keys.ToList())
        {
            if (writer.Restorer.GetStored(location) is { } raw) Take(location, raw);
        }
    }

    private async Task TakeByTxidAsync(CancellationToken cancellation)
    {
        foreach (TxLocation[] batch in _wanted.Keys.ToList().Chunk(TransactionsPerBatch))
        {
            Hash256[] txids = [.. batch.Select(writer.Restorer.GetTxid)];
            IReadOnlyList<byte[]?> transactions;
            try
            {
                transactions = await daemon.GetRawTransactionsAsync(txids, cancellation);
            }
            catch (DaemonErrorException)
            {
                // Whatever it has against the question: there is another way.
                return;
            }

            for (int i = 0; i < batch.Length; i++)
            {
                if (transactions[i] is { } raw && HashesTo(raw, txids[i])) Take(batch[i], raw);
            }
        }
    }

    private async Task<bool> TryTakeFromBlocksAsync(CancellationToken cancellation)
    {
        foreach (IGrouping<int, TxLocation> group in _wanted.Keys.ToList().GroupBy(location => location.Height))
        {
            if (await TryGetBlockAsync(writer.GetHash(group.Key), cancellation) is not { } raw) return false;
            TakeFromBlock(raw, group);
        }

        return _wanted.Count == 0;
    }

    private async Task<byte[]?> TryGetBlockAsync(Hash256 hash, CancellationToken cancellation)
    {
        if (_blocks.TryGet(hash, out byte[]? cached)) return cached;
        try
        {
            byte[] raw = await daemon.GetBlockAsync(hash, cancellation);
            _blocks.Add(hash, raw);
            return raw;
        }
        catch (DaemonErrorException)
        {
            return null;
        }
    }

    private void TakeFromBlock(byte[] raw, IGrouping<int, TxLocation> locations)
    {
        HashSet<int> positions = [.. locations.Select(location => location.Position)];
        try
        {
            var reader = new BlockReader(raw, coin.BlockFormat, coin.TransactionFormat);
            for (int position = 0; reader.TryReadTransaction(out TransactionView transaction); position++)
            {
                var location = new TxLocation(locations.Key, position);
                if (positions.Contains(position) && transaction.ComputeTxid() == writer.Restorer.GetTxid(location)) Take(location, transaction);
            }
        }
        catch (MalformedBlockException)
        {
            // The daemon's copy is damaged behind its header, at which alone old daemons look. What was not read stays wanted.
        }
    }

    private void Take(TxLocation location, ReadOnlySpan<byte> raw) => Take(location, TransactionReader.ReadWhole(raw, coin.TransactionFormat));

    private void Take(TxLocation location, in TransactionView transaction)
    {
        if (!_wanted.Remove(location, out List<int>? indexes)) return;
        // What the genesis block pays was never indexed.
        if (location.Height == 0) return;
        int index = 0;
        foreach (OutputView output in transaction.Outputs)
        {
            if (indexes.Contains(index) && BlockDigester.IsIndexed(output))
                _found[new OutputLocation(location, index)] = new OutputValue(BlockDigester.ScriptOf(output.Script, out _), output.Value);
            index++;
        }
    }

    /// <summary>A mining 0.8.7.2 may give other bytes than those of the block.</summary>
    private bool HashesTo(byte[] raw, Hash256 txid)
    {
        try
        {
            return TransactionReader.ReadWhole(raw, coin.TransactionFormat).ComputeTxid() == txid;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }
}
