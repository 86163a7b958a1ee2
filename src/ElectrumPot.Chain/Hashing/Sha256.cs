// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace ElectrumPot.Chain.Hashing;

/// <summary>SHA-256 without allocation and without the set-up cost of a one-shot call.</summary>
public static unsafe class Sha256
{
    public const int DigestSize = 32;

    // About 2 us of hashing: what a thread may spend without letting the collector in.
    private const int ShortInput = 2048;

    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (!LibCrypto.HasSha256)
        {
            System.Security.Cryptography.SHA256.HashData(data, digest);
            return;
        }

        if (digest.Length < DigestSize)
            throw new ArgumentException($"A digest has {DigestSize} bytes.", nameof(digest));
        byte* context = stackalloc byte[LibCrypto.Sha256ContextSize];
        fixed (byte* input = data)
        fixed (byte* output = digest)
        {
            LibCrypto.Sha256Init(context);
            Update(context, input, data.Length);
            LibCrypto.Sha256Final(output, context);
        }
    }

    internal static void Update(byte* context, byte* data, int length)
    {
        if (length <= ShortInput)
            LibCrypto.Sha256UpdateShort(context, data, (nuint)length);
        else
            LibCrypto.Sha256UpdateLong(context, data, (nuint)length);
    }
}
