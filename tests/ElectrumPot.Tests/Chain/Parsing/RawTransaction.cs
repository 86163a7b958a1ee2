// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Writes transactions and blocks field by field, independently of the readers.</summary>
internal sealed class RawTransaction
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public RawTransaction Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public RawTransaction Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public RawTransaction Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The shortest form of the count, as every node writes it.</summary>
    public RawTransaction Count(long count) => count switch
    {
        < 0xfd => Bytes([(byte)count]),
        <= 0xffff => Bytes([0xfd, (byte)count, (byte)(count >> 8)]),
        <= 0xffffffff => Bytes([0xfe]).Int32(unchecked((int)count)),
        _ => Bytes([0xff]).Int64(count),
    };

    public RawTransaction Script(ReadOnlySpan<byte> script) => Count(script.Length).Bytes(script);

    public RawTransaction Input(ReadOnlySpan<byte> txid, int index, ReadOnlySpan<byte> script, int sequence = -1) =>
        Bytes(txid).Int32(index).Script(script).Int32(sequence);

    public RawTransaction Output(long value, ReadOnlySpan<byte> script) => Int64(value).Script(script);

    /// <summary>One input, one output; version 1.</summary>
    public static byte[] Simple(int seed, int scriptLength = 25)
    {
        var random = new Random(seed);
        var txid = new byte[32];
        var script = new byte[scriptLength];
        random.NextBytes(txid);
        random.NextBytes(script);
        return new RawTransaction().Int32(1).Count(1).Input(txid, 0, script).Count(1).Output(5000, script).Int32(0).ToArray();
    }

    /// <summary>A block of version 1 with these transactions and an empty header otherwise.</summary>
    public static byte[] Block(params IReadOnlyList<byte[]> transactions)
    {
        RawTransaction block = new RawTransaction().Int32(1).Bytes(new byte[76]).Count(transactions.Count);
        foreach (byte[] transaction in transactions)
            block.Bytes(transaction);
        return block.ToArray();
    }
}
