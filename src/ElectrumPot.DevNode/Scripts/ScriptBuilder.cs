// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>Writes scripts.</summary>
public static class ScriptBuilder
{
    public static byte[] Push(ReadOnlySpan<byte> data) => data.Length switch
    {
        < Op.PushData1 => [(byte)data.Length, .. data],
        <= byte.MaxValue => [Op.PushData1, (byte)data.Length, .. data],
        _ => [Op.PushData2, (byte)data.Length, (byte)(data.Length >> 8), .. data],
    };

    public static byte[] PayToPublicKeyHash(ReadOnlySpan<byte> hash160) =>
        [Op.Dup, Op.Hash160, .. Push(hash160), Op.EqualVerify, Op.CheckSig];

    public static byte[] PayToPublicKey(ReadOnlySpan<byte> publicKey) => [.. Push(publicKey), Op.CheckSig];

    public static byte[] Multisig(int required, IReadOnlyList<DevKey> keys) =>
        [(byte)(Op.One + required - 1), .. keys.SelectMany(key => Push(key.PublicKey)), (byte)(Op.One + keys.Count - 1), Op.CheckMultisig];

    public static byte[] PayToScriptHash(ReadOnlySpan<byte> redeemScript)
    {
        Span<byte> hash = stackalloc byte[ElectrumPot.Chain.Hashing.Hash160.Size];
        ElectrumPot.Chain.Hashing.Hash160.Compute(redeemScript, hash);
        return [Op.Hash160, .. Push(hash), Op.Equal];
    }

    public static byte[] NullData(ReadOnlySpan<byte> data) => [Op.Return, .. Push(data)];

    /// <summary>A height or counter as the nodes push it into a coinbase: small numbers as opcodes, others little-endian.</summary>
    public static byte[] Number(int value)
    {
        if (value is >= 1 and <= 16) return [(byte)(Op.One + value - 1)];
        return Push(new System.Numerics.BigInteger(value).ToByteArray());
    }
}
