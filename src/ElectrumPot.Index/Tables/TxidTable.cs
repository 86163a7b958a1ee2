// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: which txid stands at a location, and which txids has a block (in its order, for merkle branches)?
/// Key: height (4), chunk number (2). Value: up to 64 txids of 32 bytes, internal order.
/// One row a transaction would pay a key for every 32 bytes; one row a block would read 200 KB to find one txid of a
/// full block.
/// </summary>
internal sealed class TxidTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "txids";

    public const int ChunkLength = 64;

    public const int KeySize = RowCodec.HeightSize + 2;

    public static void Put(RowBuffer rows, int height, ReadOnlySpan<Hash256> txids)
    {
        Span<byte> key = stackalloc byte[KeySize];
        for (int first = 0; first < txids.Length; first += ChunkLength)
        {
            WriteKey(key, height, first / ChunkLength);
            rows.Put(key, MemoryMarshal.AsBytes(txids.Slice(first, Math.Min(ChunkLength, txids.Length - first))));
        }
    }

    public static void Delete(RowBuffer rows, int height, int transactionCount)
    {
        Span<byte> key = stackalloc byte[KeySize];
        for (int first = 0; first < transactionCount; first += ChunkLength)
        {
            WriteKey(key, height, first / ChunkLength);
            rows.Delete(key);
        }
    }

    public bool TryGet(TxLocation location, ReadOptions read, out Hash256 txid)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, location.Height, location.Position / ChunkLength);
        using PinnedValue chunk = Database.GetPinned(key, Handle, read);
        int offset = location.Position % ChunkLength * Hash256.Size;
        if (!chunk.IsFound || offset + Hash256.Size > chunk.Span.Length)
        {
            txid = default;
            return false;
        }

        txid = new Hash256(chunk.Span.Slice(offset, Hash256.Size));
        return true;
    }

    /// <summary>A whole row.</summary>
    /// <param name="chunk">Its number within the block.</param>
    /// <returns>Empty when there is none.</returns>
    public Hash256[] GetChunk(int height, int chunk, ReadOptions read)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, height, chunk);
        using PinnedValue row = Database.GetPinned(key, Handle, read);
        return row.IsFound ? MemoryMarshal.Cast<byte, Hash256>(row.Span).ToArray() : [];
    }

    /// <summary>All txids of a block in its order.</summary>
    /// <param name="transactionCount">From the header table.</param>
    public Hash256[] GetBlock(int height, int transactionCount, ReadOptions read)
    {
        var txids = new Hash256[transactionCount];
        Span<byte> key = stackalloc byte[KeySize];
        for (int first = 0; first < transactionCount; first += ChunkLength)
        {
            WriteKey(key, height, first / ChunkLength);
            using PinnedValue chunk = Database.GetPinned(key, Handle, read);
            int expected = Math.Min(ChunkLength, transactionCount - first) * Hash256.Size;
            if (!chunk.IsFound || chunk.Span.Length != expected)
                throw new IndexCorruptException($"The txids of block {height} are incomplete in the database.");
            chunk.Span.CopyTo(MemoryMarshal.AsBytes(txids.AsSpan(first)));
        }

        return txids;
    }

    /// <summary>Where a txid of a row stands.</summary>
    /// <param name="index">Within the row.</param>
    public static TxLocation ReadLocation(ReadOnlySpan<byte> key, int index) =>
        new(RowCodec.ReadHeight(key), (BinaryPrimitives.ReadUInt16BigEndian(key[RowCodec.HeightSize..]) * ChunkLength) + index);

    /// <summary>Adds the names of all transactions above a height.</summary>
    /// <param name="rows">An iterator of this table.</param>
    public static void CollectAbove(Iterator rows, int height, HashSet<HashX> names)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, height + 1, 0);
        for (rows.Seek(key); rows.Valid(); rows.Next())
        {
            foreach (Hash256 txid in MemoryMarshal.Cast<byte, Hash256>(rows.ValueSpan))
                names.Add(HashX.OfTxid(txid));
        }
    }

    private static void WriteKey(Span<byte> key, int height, int chunk)
    {
        RowCodec.WriteHeight(key, height);
        BinaryPrimitives.WriteUInt16BigEndian(key[RowCodec.HeightSize..], checked((ushort)chunk));
    }
}
