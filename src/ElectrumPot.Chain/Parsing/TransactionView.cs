// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Parsing;

/// <summary>A transaction where it stands in a buffer: offsets into it, nothing copied.</summary>
public readonly ref struct TransactionView
{
    /// <summary>Outpoint, empty script, sequence.</summary>
    internal const int MinInputSize = 41;

    /// <summary>Value and empty script.</summary>
    internal const int MinOutputSize = 9;

    private readonly ReadOnlySpan<byte> _raw;
    private readonly int _inputsStart;
    private readonly int _inputsEnd;
    private readonly int _outputsStart;
    private readonly int _outputsEnd;
    private readonly int _lockTimeStart;

    internal TransactionView(
        ReadOnlySpan<byte> raw, int inputsStart, int inputCount, int inputsEnd, int outputsStart, int outputCount, int outputsEnd,
        int lockTimeStart)
    {
        _raw = raw;
        _inputsStart = inputsStart;
        InputCount = inputCount;
        _inputsEnd = inputsEnd;
        _outputsStart = outputsStart;
        OutputCount = outputCount;
        _outputsEnd = outputsEnd;
        _lockTimeStart = lockTimeStart;
    }

    /// <summary>The serialised bytes, witness and nTime included.</summary>
    public ReadOnlySpan<byte> Raw => _raw;

    /// <summary>Signed, as the nodes compare it.</summary>
    public int Version => BinaryPrimitives.ReadInt32LittleEndian(_raw);

    public int InputCount { get; }

    public int OutputCount { get; }

    public uint LockTime => BinaryPrimitives.ReadUInt32LittleEndian(_raw[_lockTimeStart..]);

    /// <summary>Potcoin's transaction time in seconds since 1970; null where the version has none.</summary>
    public uint? Time =>
        _raw.Length == _lockTimeStart + 8 ? BinaryPrimitives.ReadUInt32LittleEndian(_raw[(_lockTimeStart + 4)..]) : null;

    public bool HasWitness => _outputsEnd != _lockTimeStart;

    public InputEnumerator Inputs => new(_raw[_inputsStart.._inputsEnd], InputCount);

    public OutputEnumerator Outputs => new(_raw[_outputsStart.._outputsEnd], OutputCount);

    public bool IsCoinbase
    {
        get
        {
            if (InputCount != 1) return false;
            InputEnumerator inputs = Inputs;
            return inputs.MoveNext() && inputs.Current.PreviousOutput.IsNull;
        }
    }

    /// <summary>First input real, two or more outputs, the first of value 0 and with an empty script.</summary>
    public bool IsCoinstake
    {
        get
        {
            if (InputCount == 0 || OutputCount < 2) return false;
            InputEnumerator inputs = Inputs;
            OutputEnumerator outputs = Outputs;
            return inputs.MoveNext() && !inputs.Current.PreviousOutput.IsNull
                && outputs.MoveNext() && outputs.Current is { Value: 0, Script.Length: 0 };
        }
    }

    /// <summary>Size without witness, as it counts for the txid.</summary>
    public int StrippedSize => HasWitness ? _raw.Length - 2 - (_lockTimeStart - _outputsEnd) : _raw.Length;

    /// <summary>Size in virtual bytes (BIP 141); without a witness simply the serialised size.</summary>
    public int VirtualSize => ((3 * StrippedSize) + _raw.Length + 3) / 4;

    /// <summary>Double SHA-256 without witness; with nTime (potcoind hashes all of its serialisation).</summary>
    public Hash256 ComputeTxid()
    {
        const int VersionSize = 4;
        const int MarkerAndFlagSize = 2;
        return HasWitness
            ? Sha256d.Hash(_raw[..VersionSize], _raw[(VersionSize + MarkerAndFlagSize).._outputsEnd], _raw[_lockTimeStart..])
            : Sha256d.Hash(_raw);
    }
}
