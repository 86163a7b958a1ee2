// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Parsing;

namespace ElectrumPot.Chain.Primitives;

/// <summary>The 80-byte header, the same layout in every era and version of Potcoin and of its relatives.</summary>
/// <param name="Version">Signed; decides whether a Potcoin block carries a signature.</param>
/// <param name="Time">Seconds since 1970. Runs backwards in the proof-of-stake era: never order by it.</param>
/// <param name="Bits">Compact target.</param>
public readonly record struct BlockHeader(int Version, Hash256 PreviousHash, Hash256 MerkleRoot, uint Time, uint Bits, uint Nonce)
{
    public const int Size = 80;

    /// <param name="bytes">At least 80 bytes; the first 80 are the header.</param>
    /// <exception cref="MalformedBlockException">Fewer than 80 bytes.</exception>
    public static BlockHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            throw new MalformedBlockException($"a block header has {Size} bytes, {bytes.Length} were given");
        return new BlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            new Hash256(bytes.Slice(4, Hash256.Size)),
            new Hash256(bytes.Slice(36, Hash256.Size)),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[72..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]));
    }

    /// <summary>Block id: double SHA-256 of the 80 bytes in every era; scrypt is only the work function.</summary>
    public static Hash256 HashOf(ReadOnlySpan<byte> header) => Sha256d.Hash(header[..Size]);

    /// <summary>The previous hash alone, for following a chain of headers.</summary>
    public static Hash256 PreviousHashOf(ReadOnlySpan<byte> header) => new(header.Slice(4, Hash256.Size));

    public Hash256 ComputeHash()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return HashOf(bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, Version);
        PreviousHash.CopyTo(destination[4..]);
        MerkleRoot.CopyTo(destination[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[68..], Time);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[72..], Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[76..], Nonce);
    }

    /// <summary>
    /// 2^256 / (target + 1): what the nodes sum up to find the best chain, for proof of work and proof of stake alike
    /// (potcoind <c>CBlockIndex::GetBlockWork</c>). Zero for a target that is negative, zero or beyond 256 bits.
    /// </summary>
    public BigInteger Work
    {
        get
        {
            BigInteger target = TargetOf(Bits);
            return target <= 0 || target >= BigInteger.One << 256 ? BigInteger.Zero : (BigInteger.One << 256) / (target + 1);
        }
    }

    private static BigInteger TargetOf(uint bits)
    {
        int exponent = (int)(bits >> 24);
        var mantissa = new BigInteger(bits & 0x007fffff);
        BigInteger target = exponent <= 3 ? mantissa >> (8 * (3 - exponent)) : mantissa << (8 * (exponent - 3));
        return (bits & 0x00800000) != 0 ? -target : target;
    }
}
