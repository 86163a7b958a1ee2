// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>An output to be made.</summary>
internal readonly record struct NewOutput(int Script, long Value, bool IsMaker);

/// <summary>Serialises transactions into a block and computes their txids.</summary>
internal sealed class TransactionWriter(ScriptSource scripts, DeterministicRandom random)
{
    private const int LastVersionWithoutTime = 3;
    private const int MinReturn = 8;
    private const int MaxReturn = 76;

    private readonly InputWriter _inputs = new(random);
    private readonly ByteSink _body = new();
    private readonly ByteSink _witness = new();
    private readonly ByteSink _head = new();
    private readonly ByteSink _tail = new();

    /// <summary>A payment.</summary>
    /// <param name="carriesData">Adds an output that only carries data.</param>
    /// <param name="startsEmpty">Begins with the empty output that marks a coinstake.</param>
    public Hash256 Write(
        ByteSink block, int version, uint time, ReadOnlySpan<UnspentCoin> inputs, ReadOnlySpan<NewOutput> outputs, bool carriesData, bool startsEmpty = false)
    {
        Begin(version, time);
        bool hasWitness = false;
        _body.Count(inputs.Length);
        foreach (UnspentCoin coin in inputs)
        {
            ScriptKind kind = coin.IsMaker ? ScriptKind.PublicKey : scripts.KindOf(coin.Script);
            hasWitness |= InputWriter.HasWitness(kind);
            _body.Hash(coin.Txid);
            _body.Int32(coin.Index);
            _inputs.Write(kind, _body, _witness);
            _body.Int32(unchecked((int)0xfffffffe));
        }

        _body.Count(outputs.Length + (carriesData ? 1 : 0) + (startsEmpty ? 1 : 0));
        if (startsEmpty) WriteEmptyOutput();
        foreach (NewOutput output in outputs)
            WriteOutput(output);
        if (carriesData) WriteReturn();
        return End(block, version, hasWitness);
    }

    /// <summary>The transaction that makes money, with a height in it so that its txid occurs once.</summary>
    public Hash256 WriteCoinbase(ByteSink block, int height, NewOutput output, bool commitsToWitness)
    {
        const int Version = 1;
        Begin(Version, 0);
        WriteCoinbaseInput([0x04, (byte)height, (byte)(height >> 8), (byte)(height >> 16), 0]);
        _body.Count(commitsToWitness ? 2 : 1);
        WriteOutput(output);
        if (commitsToWitness)
        {
            _body.Int64(0);
            _body.Count(38);
            _body.Bytes([0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed]);
            random.Fill(_body.Take(Hash256.Size));
            _witness.Count(1);
            _witness.Count(Hash256.Size);
            _witness.Take(Hash256.Size).Clear();
        }

        return End(block, Version, commitsToWitness);
    }

    /// <summary>The first transaction of a staked block: it makes nothing, and its txid is a matter of its time alone.</summary>
    public Hash256 WriteEmptyCoinbase(ByteSink block, uint time)
    {
        const int Version = 4;
        Begin(Version, time);
        WriteCoinbaseInput([0x00, 0x00]);
        _body.Count(1);
        WriteEmptyOutput();
        return End(block, Version, hasWitness: false);
    }

    private void Begin(int version, uint time)
    {
        _body.Clear();
        _witness.Clear();
        _head.Clear();
        _head.Int32(version);
        _tail.Clear();
        _tail.Int32(0);
        if (version > LastVersionWithoutTime) _tail.Int32(unchecked((int)time));
    }

    private Hash256 End(ByteSink block, int version, bool hasWitness)
    {
        block.Int32(version);
        if (hasWitness) block.Bytes([0x00, 0x01]);
        block.Bytes(_body.Written);
        if (hasWitness) block.Bytes(_witness.Written);
        block.Bytes(_tail.Written);
        return Sha256d.Hash(_head.Written, _body.Written, _tail.Written);
    }

    private void WriteCoinbaseInput(ReadOnlySpan<byte> script)
    {
        _body.Count(1);
        _body.Hash(Hash256.Zero);
        _body.Int32(-1);
        _body.Count(script.Length);
        _body.Bytes(script);
        _body.Int32(-1);
    }

    private void WriteOutput(NewOutput output)
    {
        Span<byte> script = stackalloc byte[ScriptSource.MaxLength];
        int length = output.IsMaker ? scripts.WriteMaker(output.Script, script) : scripts.Write(output.Script, script);
        _body.Int64(output.Value);
        _body.Count(length);
        _body.Bytes(script[..length]);
    }

    private void WriteEmptyOutput()
    {
        _body.Int64(0);
        _body.Count(0);
    }

    private void WriteReturn()
    {
        int size = random.Between(MinReturn, MaxReturn - 1);
        _body.Int64(0);
        _body.Count(2 + size);
        _body.Byte(0x6a);
        _body.Byte((byte)size);
        random.Fill(_body.Take(size));
    }
}
