// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>What the protocol says about locking scripts: their hash, which have no history, and which belong to one address.</summary>
internal static class NaiveScript
{
    private const byte OpReturn = 0x6a;
    private const byte OpCheckSig = 0xac;

    /// <summary>SHA-256 of the script, byte-reversed, in hexadecimal (semantics, Script hash).</summary>
    public static string HashOf(ReadOnlySpan<byte> script)
    {
        byte[] hash = SHA256.HashData(script);
        Array.Reverse(hash);
        return Convert.ToHexStringLower(hash);
    }

    public static string HashOf(string scriptHex) => HashOf(Convert.FromHexString(scriptHex));

    /// <summary>
    /// No history is kept for what nobody can spend, nor for the two empty outputs without value that every proof-of-stake
    /// block has.
    /// </summary>
    public static bool HasHistory(NaiveOutput output) => output.Script switch
    {
        [OpReturn, ..] or [0, OpReturn, ..] => false,
        [] => output.Value > 0,
        _ => true,
    };

    /// <summary>The pay-to-pubkey script of a key.</summary>
    public static string PayToPublicKey(string publicKeyHex) =>
        $"{publicKeyHex.Length / 2:x2}{publicKeyHex}{OpCheckSig:x2}";
}
