// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Hashing;

/// <summary>Double SHA-256: txids, block hashes, merkle nodes. Results in internal byte order.</summary>
public static unsafe class Sha256d
{
    public static Hash256 Hash(ReadOnlySpan<byte> data) => Hash(data, default, default);

    /// <summary>Hash of three pieces as if they stood in one buffer: a segwit transaction without its witness.</summary>
    [SkipLocalsInit]
    public static Hash256 Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (!LibCrypto.HasSha256)
            return HashManaged(first, second, third);

        byte* context = stackalloc byte[LibCrypto.Sha256ContextSize];
        byte* digest = stackalloc byte[Sha256.DigestSize];
        LibCrypto.Sha256Init(context);
        fixed (byte* input = first)
            Sha256.Update(context, input, first.Length);
        if (!second.IsEmpty)
        {
            fixed (byte* input = second)
                Sha256.Update(context, input, second.Length);
        }

        if (!third.IsEmpty)
        {
            fixed (byte* input = third)
                Sha256.Update(context, input, third.Length);
        }

        LibCrypto.Sha256Final(digest, context);
        LibCrypto.Sha256Init(context);
        LibCrypto.Sha256UpdateShort(context, digest, Sha256.DigestSize);
        LibCrypto.Sha256Final(digest, context);
        return new Hash256(new ReadOnlySpan<byte>(digest, Sha256.DigestSize));
    }

    /// <summary>Parent of two merkle nodes.</summary>
    [SkipLocalsInit]
    public static Hash256 HashPair(Hash256 left, Hash256 right)
    {
        Span<byte> pair = stackalloc byte[2 * Hash256.Size];
        left.CopyTo(pair);
        right.CopyTo(pair[Hash256.Size..]);
        return Hash(pair);
    }

    private static Hash256 HashManaged(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[Sha256.DigestSize];
        hash.AppendData(first);
        hash.AppendData(second);
        hash.AppendData(third);
        hash.GetHashAndReset(digest);
        System.Security.Cryptography.SHA256.HashData(digest, digest);
        return new Hash256(digest);
    }
}
