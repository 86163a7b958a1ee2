// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: where do the daemon's block files have the block of a height, and where in it is a transaction?
/// Key: height (4). Value: number of the file, offset, length, length of what precedes the transactions, length of each
/// transaction (varints). The lengths may be missing in rows of older versions: the block has to be parsed then.
/// A hint, not a fact: the daemon may rewrite or delete its files, so whoever reads there compares the hash. Blocks
/// that came over RPC have no row.
/// </summary>
internal sealed class BlockTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "blocks";

    private const int MaxPositionSize = 3 * RowCodec.MaxVarintSize;

    /// <param name="offsets">Of the transactions in the block, and where the last one ends; may be empty.</param>
    public static void Put(RowBuffer rows, int height, BlockPosition position, ReadOnlySpan<int> offsets)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        byte[] value = ArrayPool<byte>.Shared.Rent(MaxPositionSize + (offsets.Length * RowCodec.MaxVarintSize));
        RowCodec.WriteHeight(key, height);
        int size = RowCodec.WriteVarint(value, (ulong)position.File);
        size += RowCodec.WriteVarint(value.AsSpan(size), position.Offset);
        size += RowCodec.WriteVarint(value.AsSpan(size), (ulong)position.Length);
        int previous = 0;
        foreach (int offset in offsets)
        {
            size += RowCodec.WriteVarint(value.AsSpan(size), (ulong)(offset - previous));
            previous = offset;
        }

        rows.Put(key, value.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(value);
    }

    public static void Delete(RowBuffer rows, int height)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        rows.Delete(key);
    }

    public BlockPosition? Get(int height, ReadOptions read)
    {
        using PinnedValue row = Find(height, read);
        return row.IsFound ? ReadPosition(row.Span, out _) : null;
    }

    /// <returns>Null where the block has no position, or one without lengths.</returns>
    public TransactionPosition? Get(TxLocation location, ReadOptions read)
    {
        using PinnedValue row = Find(location.Height, read);
        if (!row.IsFound) return null;
        BlockPosition block = ReadPosition(row.Span, out int used);
        ReadOnlySpan<byte> lengths = row.Span[used..];
        long offset = 0;
        for (int i = 0; !lengths.IsEmpty; i++)
        {
            long length = (long)RowCodec.ReadVarint(lengths, out int size);
            if (i > location.Position) return new TransactionPosition(block.File, block.Offset + offset, checked((int)length));
            offset += length;
            lengths = lengths[size..];
        }

        return null;
    }

    private PinnedValue Find(int height, ReadOptions read)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        return Database.GetPinned(key, Handle, read);
    }

    private static BlockPosition ReadPosition(ReadOnlySpan<byte> row, out int used)
    {
        ulong file = RowCodec.ReadVarint(row, out used);
        ulong offset = RowCodec.ReadVarint(row[used..], out int size);
        used += size;
        ulong length = RowCodec.ReadVarint(row[used..], out size);
        used += size;
        return new BlockPosition(checked((int)file), checked((uint)offset), checked((int)length));
    }
}
