// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace ElectrumPot.Chain.Hashing;

/// <summary>RIPEMD-160 of SHA-256: what an address stands for.</summary>
public static unsafe class Hash160
{
    public const int Size = 20;

    /// <param name="data">A public key or a redeem script.</param>
    /// <param name="digest">Receives 20 bytes.</param>
    [SkipLocalsInit]
    public static void Compute(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (digest.Length < Size)
            throw new ArgumentException($"A hash160 has {Size} bytes.", nameof(digest));
        byte* inner = stackalloc byte[Sha256.DigestSize];
        Sha256.Hash(data, new Span<byte>(inner, Sha256.DigestSize));
        fixed (byte* output = digest)
            LibCrypto.Ripemd160(inner, Sha256.DigestSize, output);
    }
}
