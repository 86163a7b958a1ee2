// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: where do the daemon's block files have the block of a height?
/// Key: height (4). Value: number of the file, offset, length (varints).
/// A hint, not a fact: the daemon may rewrite or delete its files, so whoever reads there compares the block hash. Blocks
/// that came over RPC have no row.
/// </summary>
internal sealed class BlockTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "blocks";

    private const int MaxValueSize = 3 * RowCodec.MaxVarintSize;

    public static void Put(RowBuffer rows, int height, BlockPosition position)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        Span<byte> value = stackalloc byte[MaxValueSize];
        RowCodec.WriteHeight(key, height);
        int size = RowCodec.WriteVarint(value, (ulong)position.File);
        size += RowCodec.WriteVarint(value[size..], position.Offset);
        size += RowCodec.WriteVarint(value[size..], (ulong)position.Length);
        rows.Put(key, value[..size]);
    }

    public static void Delete(RowBuffer rows, int height)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        rows.Delete(key);
    }

    public BlockPosition? Get(int height, ReadOptions read)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        Span<byte> value = stackalloc byte[MaxValueSize];
        RowCodec.WriteHeight(key, height);
        if (!Database.TryGet(key, value, out int length, Handle, read)) return null;
        if (length > MaxValueSize)
            throw new IndexCorruptException($"The position of block {height} has {length} bytes.");
        ReadOnlySpan<byte> rest = value[..length];
        ulong file = RowCodec.ReadVarint(rest, out int size);
        rest = rest[size..];
        ulong offset = RowCodec.ReadVarint(rest, out size);
        return new BlockPosition(checked((int)file), checked((uint)offset), checked((int)RowCodec.ReadVarint(rest[size..], out _)));
    }
}
