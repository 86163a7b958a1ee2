// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// The pieces that keys and values are made of. Everything in a key is big-endian, so that the order of bytes is the
/// order of the chain.
/// </summary>
internal static class RowCodec
{
    public const int HeightSize = 4;

    /// <summary>Height (4 bytes) and position (3 bytes): 16,777,216 transactions fit into a block.</summary>
    public const int LocationSize = 7;

    /// <summary>Index of an input or output within its transaction.</summary>
    public const int IndexSize = 3;

    public const int MaxIndex = (1 << 24) - 1;

    public const int MaxVarintSize = 10;

    public static void WriteHeight(Span<byte> destination, int height) => BinaryPrimitives.WriteInt32BigEndian(destination, height);

    public static int ReadHeight(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt32BigEndian(source);

    public static void WriteLocation(Span<byte> destination, TxLocation location)
    {
        WriteHeight(destination, location.Height);
        WriteIndex(destination[HeightSize..], location.Position);
    }

    public static TxLocation ReadLocation(ReadOnlySpan<byte> source) => new(ReadHeight(source), ReadIndex(source[HeightSize..]));

    public static void WriteIndex(Span<byte> destination, int index)
    {
        if ((uint)index > MaxIndex)
            throw new ArgumentOutOfRangeException(nameof(index), index, "An index within a block or transaction has 24 bits.");
        destination[0] = (byte)(index >> 16);
        destination[1] = (byte)(index >> 8);
        destination[2] = (byte)index;
    }

    public static int ReadIndex(ReadOnlySpan<byte> source) => (source[0] << 16) | (source[1] << 8) | source[2];

    /// <summary>Little-endian groups of seven bits, the highest bit set on all but the last byte.</summary>
    /// <returns>Bytes written, at most <see cref="MaxVarintSize"/>.</returns>
    public static int WriteVarint(Span<byte> destination, ulong value)
    {
        int size = 0;
        while (value >= 0x80)
        {
            destination[size++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[size++] = (byte)value;
        return size;
    }

    /// <exception cref="IndexCorruptException">The value does not end within the bytes.</exception>
    public static ulong ReadVarint(ReadOnlySpan<byte> source, out int size)
    {
        ulong value = 0;
        for (int shift = 0, i = 0; i < source.Length && shift < 64; i++, shift += 7)
        {
            value |= (ulong)(source[i] & 0x7f) << shift;
            if (source[i] < 0x80)
            {
                size = i + 1;
                return value;
            }
        }

        throw new IndexCorruptException("A number in the database does not end. Restore a copy of the database, or remove it to import again.");
    }

    public static HashX ReadHashX(ReadOnlySpan<byte> source) => new(source);
}
