// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace ElectrumPot.Chain.Primitives;

/// <summary>
/// Hash codes for keys that strangers choose. A wallet may subscribe to any 32 bytes and a miner may grind txids: were
/// the code a known function of the bytes, thousands of keys with one code would turn a dictionary into a list. A
/// folded multiplication with secrets drawn at start costs one instruction and gives nothing away.
/// </summary>
internal static class KeyedHashCode
{
    private static readonly ulong FirstSecret = DrawSecret();
    private static readonly ulong SecondSecret = DrawSecret();

    public static ulong Mix(ulong first, ulong second)
    {
        ulong high = Math.BigMul(first ^ FirstSecret, second ^ SecondSecret, out ulong low);
        return high ^ low;
    }

    public static int Fold(ulong mixed) => (int)(mixed ^ (mixed >> 32));

    private static ulong DrawSecret()
    {
        Span<byte> secret = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(secret);
        return BitConverter.ToUInt64(secret);
    }
}
