// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Hashing;

/// <summary>The work function of Potcoin's first era and of Litecoin: scrypt(1024, 1, 1) with the header as its own salt.</summary>
public static unsafe class ScryptPow
{
    /// <param name="header">80 bytes.</param>
    /// <returns>In internal byte order; compared as a number with the target.</returns>
    public static Hash256 Hash(ReadOnlySpan<byte> header)
    {
        byte* digest = stackalloc byte[Hash256.Size];
        fixed (byte* input = header[..BlockHeader.Size])
        {
            const ulong TwoMebibytes = 2 << 20;
            if (LibCrypto.Scrypt(input, BlockHeader.Size, input, BlockHeader.Size, 1024, 1, 1, TwoMebibytes, digest, Hash256.Size) != 1)
                throw new InvalidOperationException("libcrypto could not compute scrypt.");
        }

        return new Hash256(new ReadOnlySpan<byte>(digest, Hash256.Size));
    }
}
