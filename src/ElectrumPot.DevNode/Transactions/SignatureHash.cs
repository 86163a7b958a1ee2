// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>
/// What an input signs with SIGHASH_ALL. nTime is left out although the txid has it (potcoind 0.8.7.2 and 0.9.5.0,
/// <c>SignatureHash</c>).
/// </summary>
public static class SignatureHash
{
    public const byte All = 1;

    /// <param name="scriptCode">The output script being spent, or the redeem script of a P2SH output.</param>
    public static Hash256 Compute(DevTransaction transaction, int inputIndex, ReadOnlySpan<byte> scriptCode)
    {
        var writer = new ByteWriter().Int32(transaction.Version).Count(transaction.Inputs.Count);
        for (int i = 0; i < transaction.Inputs.Count; i++)
        {
            TxInput input = transaction.Inputs[i];
            writer.Bytes(input.PreviousOutput.Txid.Bytes).UInt32(input.PreviousOutput.Index)
                .VarBytes(i == inputIndex ? scriptCode : []).UInt32(input.Sequence);
        }

        writer.Count(transaction.Outputs.Count);
        foreach (TxOutput output in transaction.Outputs)
            writer.Int64(output.Value).VarBytes(output.Script);
        return Sha256d.Hash(writer.UInt32(transaction.LockTime).Int32(All).ToArray());
    }
}
