// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ElectrumPot.Chain.Parsing;

/// <summary>Reads little-endian fields from a span; every read is checked against the end before it is made.</summary>
/// <param name="bytes">What may be read.</param>
/// <param name="origin">Where they begin in the whole block, for messages that can be looked up in a dump of it.</param>
/// <exception cref="MalformedBlockException">From every read that would pass the end.</exception>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int origin = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _origin = origin;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte ReadByte()
    {
        Require(1);
        return _bytes[Position++];
    }

    public readonly byte PeekByte(int offset)
    {
        Require(offset + 1);
        return _bytes[Position + offset];
    }

    public int ReadInt32()
    {
        Require(4);
        int value = BinaryPrimitives.ReadInt32LittleEndian(_bytes[Position..]);
        Position += 4;
        return value;
    }

    public uint ReadUInt32() => unchecked((uint)ReadInt32());

    public long ReadInt64()
    {
        Require(8);
        long value = BinaryPrimitives.ReadInt64LittleEndian(_bytes[Position..]);
        Position += 8;
        return value;
    }

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        Require(count);
        ReadOnlySpan<byte> read = _bytes.Slice(Position, count);
        Position += count;
        return read;
    }

    public void Skip(int count)
    {
        Require(count);
        Position += count;
    }

    /// <summary>Bitcoin's variable-length integer, as a length or count of things of at least <paramref name="unitSize"/> bytes.</summary>
    /// <remarks>The bound by what remains is what keeps a forged count from ever becoming an allocation or a long loop.</remarks>
    public int ReadCount(int unitSize)
    {
        ulong count = ReadByte();
        if (count >= 0xfd)
        {
            int width = count == 0xfd ? 2 : count == 0xfe ? 4 : 8;
            Require(width);
            ReadOnlySpan<byte> digits = _bytes.Slice(Position, width);
            count = width switch
            {
                2 => BinaryPrimitives.ReadUInt16LittleEndian(digits),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(digits),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(digits),
            };
            Position += width;
        }

        if (count > (ulong)(Remaining / unitSize))
            ThrowCountTooLarge(count);
        return (int)count;
    }

    /// <summary>A byte string with its length in front.</summary>
    public ReadOnlySpan<byte> ReadVarBytes() => ReadBytes(ReadCount(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Require(int count)
    {
        if ((uint)count > (uint)Remaining)
            ThrowTruncated(count);
    }

    private readonly void ThrowCountTooLarge(ulong count) => throw new MalformedBlockException(
        $"a count of {count} at byte {_origin + Position} does not fit into the {Remaining} bytes that follow");

    private readonly void ThrowTruncated(int count) =>
        throw new MalformedBlockException($"{count} bytes expected at byte {_origin + Position}, {Remaining} left");
}
