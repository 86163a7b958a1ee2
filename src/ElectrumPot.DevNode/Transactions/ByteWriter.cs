// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace ElectrumPot.Simulation;

/// <summary>Writes the little-endian fields of blocks and transactions.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public ByteWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public ByteWriter UInt32(uint value) => Int32(unchecked((int)value));

    public ByteWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    public ByteWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Bitcoin's variable-length integer, up to 32 bits.</summary>
    public ByteWriter Count(int count)
    {
        if (count < 0xfd) return Bytes([(byte)count]);
        return count <= ushort.MaxValue
            ? Bytes([0xfd, (byte)count, (byte)(count >> 8)])
            : Bytes([0xfe]).Int32(count);
    }

    public ByteWriter VarBytes(ReadOnlySpan<byte> bytes) => Count(bytes.Length).Bytes(bytes);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
