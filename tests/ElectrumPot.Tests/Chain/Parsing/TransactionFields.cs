// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using Shouldly;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Compares the inputs and outputs of a view with a recorded transaction.</summary>
internal static class TransactionFields
{
    public static void ShouldMatch(TransactionView transaction, JsonElement vector)
    {
        List<JsonElement> inputs = [.. vector.GetProperty("vin").EnumerateArray()];
        transaction.InputCount.ShouldBe(inputs.Count);
        int at = 0;
        foreach (InputView input in transaction.Inputs)
        {
            JsonElement expected = inputs[at++];
            input.PreviousOutput.ShouldBe(expected.GetProperty("txid").ValueKind == JsonValueKind.Null
                ? new OutPoint(Hash256.Zero, OutPoint.NullIndex)
                : new OutPoint(expected.Hash("txid"), expected.GetProperty("vout").GetUInt32()));
            Convert.ToHexStringLower(input.Script).ShouldBe(expected.Text("scriptSig"));
            input.Sequence.ShouldBe(expected.GetProperty("sequence").GetUInt32());
        }

        at.ShouldBe(inputs.Count);
        List<JsonElement> outputs = [.. vector.GetProperty("vout").EnumerateArray()];
        transaction.OutputCount.ShouldBe(outputs.Count);
        at = 0;
        foreach (OutputView output in transaction.Outputs)
        {
            JsonElement expected = outputs[at++];
            output.Value.ShouldBe(expected.GetProperty("value").GetInt64());
            Convert.ToHexStringLower(output.Script).ShouldBe(expected.Text("script"));
        }

        at.ShouldBe(outputs.Count);
    }

    /// <summary>Serialises the view again, without its witness.</summary>
    public static byte[] Rewrite(TransactionView transaction)
    {
        RawTransaction raw = new RawTransaction().Int32(transaction.Version).Count(transaction.InputCount);
        foreach (InputView input in transaction.Inputs)
        {
            OutPoint spent = input.PreviousOutput;
            raw.Input(spent.Txid.Bytes, unchecked((int)spent.Index), input.Script, unchecked((int)input.Sequence));
        }

        raw.Count(transaction.OutputCount);
        foreach (OutputView output in transaction.Outputs)
            raw.Output(output.Value, output.Script);
        raw.Int32(unchecked((int)transaction.LockTime));
        if (transaction.Time is { } time) raw.Int32(unchecked((int)time));
        return raw.ToArray();
    }
}
