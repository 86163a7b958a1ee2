// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <param name="Script">The signature script.</param>
public sealed record TxInput(OutPoint PreviousOutput, byte[] Script, uint Sequence = uint.MaxValue);

/// <param name="Value">In 1e-8 POT.</param>
/// <param name="Script">The output script, scriptPubKey.</param>
public sealed record TxOutput(long Value, byte[] Script);

/// <summary>A transaction with its parts, its bytes and its id; immutable.</summary>
public sealed class DevTransaction
{
    private const int LastVersionWithoutTime = 3;

    /// <param name="time">nTime in seconds since 1970; written only where the version is above 3.</param>
    /// <param name="format">Plain for 0.8.6.4, which knows no nTime whatever the version.</param>
    public DevTransaction(
        int version, IReadOnlyList<TxInput> inputs, IReadOnlyList<TxOutput> outputs, uint lockTime = 0, uint time = 0,
        TransactionFormat format = TransactionFormat.Posv)
    {
        Version = version;
        HasTime = version > LastVersionWithoutTime && format == TransactionFormat.Posv;
        Inputs = inputs;
        Outputs = outputs;
        LockTime = lockTime;
        Time = HasTime ? time : 0;
        Raw = Serialise();
        Txid = Sha256d.Hash(Raw);
    }

    public int Version { get; }

    public IReadOnlyList<TxInput> Inputs { get; }

    public IReadOnlyList<TxOutput> Outputs { get; }

    public uint LockTime { get; }

    /// <summary>nTime; 0 where the version has none.</summary>
    public uint Time { get; }

    public byte[] Raw { get; }

    public Hash256 Txid { get; }

    public bool HasTime { get; }

    public bool IsCoinbase => Inputs.Count == 1 && Inputs[0].PreviousOutput.IsNull;

    public bool IsCoinstake =>
        Inputs.Count > 0 && !Inputs[0].PreviousOutput.IsNull
        && Outputs.Count >= 2 && Outputs[0] is { Value: 0, Script.Length: 0 };

    /// <summary>Reads the transaction at the start; like the nodes, looks at nothing behind it.</summary>
    /// <exception cref="MalformedBlockException">Not a transaction.</exception>
    public static DevTransaction Parse(ReadOnlySpan<byte> raw, TransactionFormat format = TransactionFormat.Posv)
    {
        TransactionView view = TransactionReader.Read(raw, format, out _);
        var inputs = new List<TxInput>(view.InputCount);
        foreach (InputView input in view.Inputs)
            inputs.Add(new TxInput(input.PreviousOutput, input.Script.ToArray(), input.Sequence));
        var outputs = new List<TxOutput>(view.OutputCount);
        foreach (OutputView output in view.Outputs)
            outputs.Add(new TxOutput(output.Value, output.Script.ToArray()));
        return new DevTransaction(view.Version, inputs, outputs, view.LockTime, view.Time ?? 0, format);
    }

    /// <summary>The same transaction with its signature scripts.</summary>
    /// <param name="recipes">For each input that of the output it spends.</param>
    public DevTransaction SignedWith(IReadOnlyList<SpendRecipe> recipes) =>
        new(Version, [.. Inputs.Select((input, i) => input with { Script = recipes[i].SignatureScript(this, i) })], Outputs, LockTime, Time);

    private byte[] Serialise()
    {
        var writer = new ByteWriter().Int32(Version).Count(Inputs.Count);
        foreach (TxInput input in Inputs)
            writer.Bytes(input.PreviousOutput.Txid.Bytes).UInt32(input.PreviousOutput.Index).VarBytes(input.Script).UInt32(input.Sequence);
        writer.Count(Outputs.Count);
        foreach (TxOutput output in Outputs)
            writer.Int64(output.Value).VarBytes(output.Script);
        writer.UInt32(LockTime);
        if (HasTime)
            writer.UInt32(Time);
        return writer.ToArray();
    }
}
