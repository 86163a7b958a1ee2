// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// Serialised transactions by txid, from the nearest place that has them: the mempool view, the store where it keeps
/// them, a cache, the daemon's block files, the daemon. Where the daemon has no txindex the block is fetched instead, since
/// the index knows where the transaction stands.
/// </summary>
/// <param name="files">Null where the daemon's block files cannot be read.</param>
public sealed class RawTransactions(ChainIndex index, DaemonClient daemon, BlockFileReader? files = null)
{
    private readonly ByteBudgetCache<Hash256> _cache = new(index.Options.TransactionCacheBytes);

    /// <returns>Null when neither mempool nor chain has the transaction.</returns>
    /// <exception cref="DaemonException">The daemon is away or refuses.</exception>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(Hash256 txid, CancellationToken cancellation)
    {
        (ReadOnlyMemory<byte>? raw, Place? place) = Look(txid);
        return raw is not null ? new ValueTask<ReadOnlyMemory<byte>?>(raw) : new ValueTask<ReadOnlyMemory<byte>?>(FetchAsync(place, txid, cancellation));
    }

    private (ReadOnlyMemory<byte>? Raw, Place? Place) Look(Hash256 txid)
    {
        using ChainView view = index.AcquireView();
        if (view.Mempool.TryGetRaw(txid, out ReadOnlyMemory<byte> pending)) return (pending, null);
        if (_cache.TryGet(txid, out byte[]? cached)) return (cached, null);
        if (!view.TryFindTransaction(txid, out TxLocation location)) return (null, null);
        if (view.GetStoredTransaction(location) is { } stored) return (stored, null);
        if (files is not null && view.GetTransactionPosition(location) is { } position && files.Read(position) is { } read && IsOf(read, txid)) return (read, null);
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        return view.TryGetHeader(location.Height, header)
            ? (null, new Place(location, BlockHeader.HashOf(header), files is null ? null : view.GetBlockPosition(location.Height)))
            : throw new IndexCorruptException($"The header of height {location.Height} is missing from the database.");
    }

    private async Task<ReadOnlyMemory<byte>?> FetchAsync(Place? place, Hash256 txid, CancellationToken cancellation)
    {
        if (place is null)
        {
            // Not (yet) in the index; the daemon may have it in its mempool a moment earlier than the poll.
            // Said in full: a null array on its own would convert to an empty memory, which is no null.
            return await daemon.GetRawTransactionAsync(txid, cancellation) is { } known ? known : (ReadOnlyMemory<byte>?)null;
        }

        byte[] fetched = ReadFromFiles(place, txid) ?? await AskDaemonAsync(place, txid, cancellation);
        _cache.Add(txid, fetched);
        return fetched;
    }

    /// <returns>Null when they do not have the block any more, or have it damaged.</returns>
    private byte[]? ReadFromFiles(Place place, Hash256 txid)
    {
        if (place.Position is not { } position || !files!.TryRead(position, place.BlockHash, out ReadOnlyMemory<byte> block)) return null;
        try
        {
            return CutFromBlock(block.Span, place.Location.Position, txid);
        }
        catch (MalformedBlockException)
        {
            return null;
        }
    }

    private async Task<byte[]> AskDaemonAsync(Place place, Hash256 txid, CancellationToken cancellation)
    {
        // A pre-PoSV daemon without txindex knows unspent transactions only, the genesis coinbase none ever.
        if (await daemon.GetRawTransactionAsync(txid, cancellation) is { } found && IsOf(found, txid)) return found;
        // Old daemons look at the header only when they read a block: the rest may be damaged on their disk. The index is
        // not in doubt, its txids were proven by the merkle root.
        byte[] block = await daemon.GetBlockAsync(place.BlockHash, cancellation);
        try
        {
            if (CutFromBlock(block, place.Location.Position, txid) is { } cut) return cut;
        }
        catch (MalformedBlockException failure)
        {
            throw new MalformedReplyException(Damaged(), failure);
        }

        throw new MalformedReplyException(Damaged());

        string Damaged() => $"the daemon's copy of block {place.BlockHash} is damaged: transaction {txid} is not in its place; let the daemon verify its blocks (-checkblocks) or reindex";
    }

    private bool IsOf(byte[] raw, Hash256 txid)
    {
        try
        {
            return TransactionReader.ReadWhole(raw, index.Options.Coin.TransactionFormat).ComputeTxid() == txid;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }

    /// <returns>Null when it is not at that position.</returns>
    private byte[]? CutFromBlock(ReadOnlySpan<byte> block, int position, Hash256 txid)
    {
        var reader = new BlockReader(block, index.Options.Coin.BlockFormat, index.Options.Coin.TransactionFormat);
        for (int i = 0; reader.TryReadTransaction(out TransactionView transaction); i++)
        {
            if (i == position)
                return transaction.ComputeTxid() == txid ? transaction.Raw.ToArray() : null;
        }

        return null;
    }

    /// <summary>Where a confirmed transaction is to be had.</summary>
    private sealed record Place(TxLocation Location, Hash256 BlockHash, BlockPosition? Position);
}
