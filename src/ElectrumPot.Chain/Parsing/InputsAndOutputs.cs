// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Parsing;

public readonly ref struct InputView(OutPoint previousOutput, ReadOnlySpan<byte> script, uint sequence)
{
    public OutPoint PreviousOutput { get; } = previousOutput;

    public ReadOnlySpan<byte> Script { get; } = script;

    public uint Sequence { get; } = sequence;
}

/// <param name="value">In the smallest unit (1e-8 POT).</param>
public readonly ref struct OutputView(long value, ReadOnlySpan<byte> script)
{
    public long Value { get; } = value;

    public ReadOnlySpan<byte> Script { get; } = script;
}

/// <summary>Walks the inputs of a transaction whose extent has been checked already.</summary>
public ref struct InputEnumerator
{
    private ByteReader _reader;
    private int _left;

    internal InputEnumerator(ReadOnlySpan<byte> bytes, int count)
    {
        _reader = new ByteReader(bytes);
        _left = count;
    }

    public InputView Current { get; private set; }

    public readonly InputEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0) return false;
        _left--;
        var txid = new Hash256(_reader.ReadBytes(Hash256.Size));
        uint index = _reader.ReadUInt32();
        ReadOnlySpan<byte> script = _reader.ReadVarBytes();
        Current = new InputView(new OutPoint(txid, index), script, _reader.ReadUInt32());
        return true;
    }
}

/// <summary>Walks the outputs of a transaction whose extent has been checked already.</summary>
public ref struct OutputEnumerator
{
    private ByteReader _reader;
    private int _left;

    internal OutputEnumerator(ReadOnlySpan<byte> bytes, int count)
    {
        _reader = new ByteReader(bytes);
        _left = count;
    }

    public OutputView Current { get; private set; }

    public readonly OutputEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0) return false;
        _left--;
        long value = _reader.ReadInt64();
        Current = new OutputView(value, _reader.ReadVarBytes());
        return true;
    }
}
