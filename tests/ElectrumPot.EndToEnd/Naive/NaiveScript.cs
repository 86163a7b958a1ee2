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

    /// <summary>Nobody can spend these, and every proof-of-stake block has two empty ones: no history is kept for them.</summary>
    public static bool HasHistory(ReadOnlySpan<byte> script) =>
        script.Length > 0 && script[0] != OpReturn && !(script.Length > 1 && script[0] == 0 && script[1] == OpReturn);

    /// <summary>The pay-to-pubkey script of a key.</summary>
    public static string PayToPublicKey(string publicKeyHex) =>
        $"{publicKeyHex.Length / 2:x2}{publicKeyHex}{OpCheckSig:x2}";
}
