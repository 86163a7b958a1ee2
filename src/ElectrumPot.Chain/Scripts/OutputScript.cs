// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;

namespace ElectrumPot.Chain.Scripts;

/// <summary>What an output script pays to, as far as addresses are concerned.</summary>
public enum ScriptKind
{
    Other,
    PayToPublicKeyHash,
    PayToPublicKey,
    PayToScriptHash,
}

/// <summary>
/// Recognises output scripts by the rules of the 2014 server (protocol, section "Address versus script"): pushes may
/// use any push opcode, P2PKH may end with one NOP.
/// </summary>
public static class OutputScript
{
    public const int PayToPublicKeyHashSize = 25;
    public const int PayToScriptHashSize = 23;

    private const byte OpFalse = 0x00;
    private const byte OpPushData1 = 0x4c;
    private const byte OpPushData2 = 0x4d;
    private const byte OpPushData4 = 0x4e;
    private const byte OpReturn = 0x6a;
    private const byte OpNop = 0x61;
    private const byte OpDup = 0x76;
    private const byte OpEqual = 0x87;
    private const byte OpEqualVerify = 0x88;
    private const byte OpHash160 = 0xa9;
    private const byte OpCheckSig = 0xac;
    private const int CompressedKeySize = 33;
    private const int UncompressedKeySize = 65;

    /// <summary>OP_RETURN, or OP_FALSE OP_RETURN, in front: nobody can ever spend it, so no index needs it.</summary>
    public static bool IsUnspendable(ReadOnlySpan<byte> script) =>
        script is [OpReturn, ..] or [OpFalse, OpReturn, ..];

    /// <param name="script">The output script.</param>
    /// <param name="hash160">Receives the 20 bytes of the address, unless the kind is <see cref="ScriptKind.Other"/>.</param>
    public static ScriptKind Classify(ReadOnlySpan<byte> script, Span<byte> hash160)
    {
        if (script.IsEmpty)
            return ScriptKind.Other;

        if (script[0] == OpDup)
            return ClassifyKeyHash(script, hash160);

        if (script[0] == OpHash160)
        {
            if (!TryReadPush(script[1..], out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> rest)
                || hash.Length != Hash160.Size || rest is not [OpEqual])
                return ScriptKind.Other;
            hash.CopyTo(hash160);
            return ScriptKind.PayToScriptHash;
        }

        if (script[^1] == OpCheckSig
            && TryReadPush(script, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> tail)
            && tail.Length == 1 && IsPublicKeySize(key.Length))
        {
            Hash160.Compute(key, hash160);
            return ScriptKind.PayToPublicKey;
        }

        return ScriptKind.Other;
    }

    /// <summary>True for the one script that an address encodes: minimal pushes and nothing after them.</summary>
    public static bool IsCanonicalAddressScript(ReadOnlySpan<byte> script) =>
        script is [OpDup, OpHash160, Hash160.Size, .., OpEqualVerify, OpCheckSig] && script.Length == PayToPublicKeyHashSize
        || script is [OpHash160, Hash160.Size, .., OpEqual] && script.Length == PayToScriptHashSize;

    /// <summary>Writes <c>DUP HASH160 hash160 EQUALVERIFY CHECKSIG</c>, 25 bytes.</summary>
    public static void WritePayToPublicKeyHash(ReadOnlySpan<byte> hash160, Span<byte> script)
    {
        script[0] = OpDup;
        script[1] = OpHash160;
        script[2] = Hash160.Size;
        hash160[..Hash160.Size].CopyTo(script[3..]);
        script[23] = OpEqualVerify;
        script[24] = OpCheckSig;
    }

    /// <summary>Writes <c>HASH160 hash160 EQUAL</c>, 23 bytes.</summary>
    public static void WritePayToScriptHash(ReadOnlySpan<byte> hash160, Span<byte> script)
    {
        script[0] = OpHash160;
        script[1] = Hash160.Size;
        hash160[..Hash160.Size].CopyTo(script[2..]);
        script[22] = OpEqual;
    }

    private static ScriptKind ClassifyKeyHash(ReadOnlySpan<byte> script, Span<byte> hash160)
    {
        if (script.Length < PayToPublicKeyHashSize || script[1] != OpHash160
            || !TryReadPush(script[2..], out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> rest)
            || hash.Length != Hash160.Size
            || rest is not ([OpEqualVerify, OpCheckSig] or [OpEqualVerify, OpCheckSig, OpNop]))
            return ScriptKind.Other;
        hash.CopyTo(hash160);
        return ScriptKind.PayToPublicKeyHash;
    }

    private static bool IsPublicKeySize(int size) => size is CompressedKeySize or UncompressedKeySize;

    private static bool TryReadPush(ReadOnlySpan<byte> script, out ReadOnlySpan<byte> data, out ReadOnlySpan<byte> rest)
    {
        data = rest = default;
        if (script.IsEmpty) return false;
        int header;
        long length;
        switch (script[0])
        {
            case < OpPushData1:
                (header, length) = (1, script[0]);
                break;
            case OpPushData1 when script.Length >= 2:
                (header, length) = (2, script[1]);
                break;
            case OpPushData2 when script.Length >= 3:
                (header, length) = (3, script[1] | (script[2] << 8));
                break;
            case OpPushData4 when script.Length >= 5:
                (header, length) = (5, System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(script[1..]));
                break;
            default:
                return false;
        }

        if (length > script.Length - header) return false;
        data = script.Slice(header, (int)length);
        rest = script[(header + (int)length)..];
        return true;
    }
}
