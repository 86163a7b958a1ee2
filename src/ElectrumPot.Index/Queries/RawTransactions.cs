// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// Serialised transactions by txid: from the mempool view, from the store where it keeps them, from a cache, from the daemon. Where the daemon has no
/// txindex, the block is fetched instead, since the index knows where the transaction stands.
/// </summary>
public sealed class RawTransactions(ChainIndex index, DaemonClient daemon)
{
    private readonly ByteBudgetCache<Hash256> _cache = new(index.Options.TransactionCacheBytes);

    /// <returns>Null when neither mempool nor chain has the transaction.</returns>
    /// <exception cref="DaemonException">The daemon is away or refuses.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(Hash256 txid, CancellationToken cancellation)
    {
        (ReadOnlyMemory<byte>? raw, TxLocation? location, Hash256 blockHash) = Look(txid);
        if (raw is not null) return raw;
        if (location is null)
        {
            // Not (yet) in the index; the daemon may have it in its mempool a moment earlier than the poll.
            // Said in full: a null array on its own would convert to an empty memory, which is no null.
            return await daemon.GetRawTransactionAsync(txid, cancellation) is { } known ? known : (ReadOnlyMemory<byte>?)null;
        }

        // A pre-PoSV daemon without txindex knows unspent transactions only, the genesis coinbase none ever.
        byte[] fetched = await daemon.GetRawTransactionAsync(txid, cancellation) is { } found && IsOf(found, txid)
            ? found
            : CutFromBlock(await daemon.GetBlockAsync(blockHash, cancellation), location.Value.Position, txid);
        _cache.Add(txid, fetched);
        return fetched;
    }

    private (ReadOnlyMemory<byte>? Raw, TxLocation? Location, Hash256 BlockHash) Look(Hash256 txid)
    {
        using ChainView view = index.AcquireView();
        if (view.Mempool.TryGetRaw(txid, out ReadOnlyMemory<byte> pending)) return (pending, null, default);
        if (_cache.TryGet(txid, out byte[]? cached)) return (cached, null, default);
        if (!view.TryFindTransaction(txid, out TxLocation location)) return (null, null, default);
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (view.GetStoredTransaction(location) is { } stored) return (stored, null, default);
        return view.TryGetHeader(location.Height, header)
            ? (null, location, BlockHeader.HashOf(header))
            : throw new IndexCorruptException($"The header of height {location.Height} is missing from the database.");
    }

    private bool IsOf(byte[] raw, Hash256 txid) =>
        TransactionReader.ReadWhole(raw, index.Options.Coin.TransactionFormat).ComputeTxid() == txid;

    private byte[] CutFromBlock(byte[] block, int position, Hash256 txid)
    {
        var reader = new BlockReader(block, index.Options.Coin.BlockFormat, index.Options.Coin.TransactionFormat);
        for (int i = 0; reader.TryReadTransaction(out TransactionView transaction); i++)
        {
            if (i == position && transaction.ComputeTxid() == txid) return transaction.Raw.ToArray();
        }

        throw new IndexCorruptException($"Transaction {txid} is not at position {position} of its block, as the database has it.");
    }
}
