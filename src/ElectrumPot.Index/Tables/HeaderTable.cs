// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: what is the header of a height, and how many transactions has its block?
/// Key: height (4). Value: header (80), transaction count (4, little-endian).
/// The block hash is not stored: hashing 80 bytes costs less than reading 32 more.
/// </summary>
internal sealed class HeaderTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "headers";

    public const int ValueSize = BlockHeader.Size + 4;

    public static void Put(RowBuffer rows, int height, ReadOnlySpan<byte> header, int transactionCount)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        Span<byte> value = stackalloc byte[ValueSize];
        RowCodec.WriteHeight(key, height);
        header.CopyTo(value);
        BinaryPrimitives.WriteInt32LittleEndian(value[BlockHeader.Size..], transactionCount);
        rows.Put(key, value);
    }

    public static void Delete(RowBuffer rows, int height)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        rows.Delete(key);
    }

    /// <param name="header">Receives 80 bytes.</param>
    public bool TryGet(int height, ReadOptions read, Span<byte> header, out int transactionCount)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        Span<byte> value = stackalloc byte[ValueSize];
        RowCodec.WriteHeight(key, height);
        if (!Database.TryGet(key, value, out int length, Handle, read))
        {
            transactionCount = 0;
            return false;
        }

        if (length != ValueSize)
            throw new IndexCorruptException($"The header row of height {height} has {length} bytes instead of {ValueSize}.");
        value[..BlockHeader.Size].CopyTo(header);
        transactionCount = BinaryPrimitives.ReadInt32LittleEndian(value[BlockHeader.Size..]);
        return true;
    }

    /// <summary>Copies consecutive headers.</summary>
    /// <param name="destination">Room for <paramref name="count"/> times 80 bytes.</param>
    /// <returns>How many there were.</returns>
    public int ReadRange(int firstHeight, int count, ReadOptions read, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, firstHeight);
        using Iterator rows = NewIterator(read);
        int copied = 0;
        for (rows.Seek(key); copied < count && rows.Valid(); rows.Next(), copied++)
        {
            if (RowCodec.ReadHeight(rows.KeySpan) != firstHeight + copied)
                throw new IndexCorruptException($"The header of height {firstHeight + copied} is missing from the database.");
            rows.ValueSpan[..BlockHeader.Size].CopyTo(destination[(copied * BlockHeader.Size)..]);
        }

        return copied;
    }
}
