// SPDX-License-Identifier: MIT

using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>What spends an output: signatures and keys of the length of real ones, of random bytes, since nobody checks them.</summary>
internal sealed class InputWriter(DeterministicRandom random)
{
    private const int KeySize = 33;
    private const int TwoOfThreeSize = 105;
    private const int KeyHashProgramSize = 22;
    private const byte PushNext = 0x4c;

    /// <summary>Writes the script of the input with its length, and the stack of its witness, empty where it has none.</summary>
    public void Write(ScriptKind kind, ByteSink input, ByteSink witness)
    {
        int signature = SignatureSize();
        int other = SignatureSize();
        switch (kind)
        {
            case ScriptKind.PublicKeyHash:
                input.Count(2 + signature + KeySize);
                Push(input, signature);
                Push(input, KeySize);
                witness.Count(0);
                break;
            case ScriptKind.PublicKey:
                input.Count(1 + signature);
                Push(input, signature);
                witness.Count(0);
                break;
            case ScriptKind.ScriptHash:
                input.Count(1 + 1 + signature + 1 + other + 2 + TwoOfThreeSize);
                input.Byte(0);
                Push(input, signature);
                Push(input, other);
                input.Byte(PushNext);
                Push(input, TwoOfThreeSize);
                witness.Count(0);
                break;
            case ScriptKind.Multisignature:
                input.Count(2 + signature);
                input.Byte(0);
                Push(input, signature);
                witness.Count(0);
                break;
            case ScriptKind.WitnessKeyHash:
                input.Count(0);
                WriteKeyWitness(witness, signature);
                break;
            case ScriptKind.NestedWitness:
                input.Count(1 + KeyHashProgramSize);
                Push(input, KeyHashProgramSize);
                WriteKeyWitness(witness, signature);
                break;
            default:
                input.Count(0);
                witness.Count(4);
                witness.Count(0);
                Push(witness, signature);
                Push(witness, other);
                Push(witness, TwoOfThreeSize);
                break;
        }
    }

    public static bool HasWitness(ScriptKind kind) => kind is ScriptKind.WitnessKeyHash or ScriptKind.NestedWitness or ScriptKind.WitnessScriptHash;

    /// <summary>DER with the byte that says what is signed: 71 or 72 bytes, now and then one less.</summary>
    private int SignatureSize() => 72 - random.Below(2) - (random.OneIn(100) ? 1 : 0);

    private void WriteKeyWitness(ByteSink witness, int signature)
    {
        witness.Count(2);
        Push(witness, signature);
        Push(witness, KeySize);
    }

    private void Push(ByteSink sink, int size)
    {
        sink.Byte((byte)size);
        random.Fill(sink.Take(size));
    }
}
