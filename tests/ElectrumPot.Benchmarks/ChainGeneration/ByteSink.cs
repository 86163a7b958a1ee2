// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>A buffer that grows and is used again, with the fields of serialised blocks.</summary>
internal sealed class ByteSink
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ArraySegment<byte> Memory => new(_bytes, 0, Length);

    public void Clear() => Length = 0;

    /// <summary>So many bytes to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Hash(Hash256 hash) => hash.CopyTo(Take(Hash256.Size));

    /// <summary>Bitcoin's variable-length integer.</summary>
    public void Count(int value)
    {
        if (value < 0xfd)
        {
            Byte((byte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            Byte(0xfd);
            BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);
        }
        else
        {
            Byte(0xfe);
            Int32(value);
        }
    }
}
