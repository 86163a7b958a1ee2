// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Hashing;

namespace ElectrumPot.Chain.Primitives;

/// <summary>
/// The first 16 bytes of a scripthash in internal order: what the index is keyed by. 128 bits put a second script
/// with the same key out of anybody's reach, at half the size of the whole scripthash.
/// </summary>
public readonly record struct HashX(ulong High, ulong Low) : IComparable<HashX>
{
    public const int Size = 16;

    /// <param name="bytes">At least 16 bytes; the first 16 are taken, most significant first.</param>
    public HashX(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
    {
    }

    public static HashX OfScript(ReadOnlySpan<byte> script)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        Sha256.Hash(script, digest);
        return new HashX(digest);
    }

    public static HashX OfScriptHash(Hash256 scriptHash) => new(scriptHash.Bytes);

    /// <summary>
    /// The name of a transaction among those of scripts, for sets that hold both: 128 bits of a digest either way, so that
    /// one is never taken for the other.
    /// </summary>
    public static HashX OfTxid(Hash256 txid) => new(txid.Bytes);

    /// <summary>The name of a transaction output in such sets: of a digest again, so that nobody finds two outputs with one name.</summary>
    public static HashX OfOutPoint(OutPoint outPoint)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + sizeof(uint)];
        outPoint.Txid.Bytes.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Hash256.Size..], outPoint.Index);
        return OfScript(bytes);
    }

    /// <summary>Writes the 16 bytes; their order as bytes is the order of <see cref="CompareTo"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public int CompareTo(HashX other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    // Wallets choose scripthashes freely; see KeyedHashCode.
    public override int GetHashCode() => KeyedHashCode.Fold(KeyedHashCode.Mix(High, Low));

    public override string ToString() => $"{High:x16}{Low:x16}";

    public static bool operator <(HashX left, HashX right) => left.CompareTo(right) < 0;

    public static bool operator <=(HashX left, HashX right) => left.CompareTo(right) <= 0;

    public static bool operator >(HashX left, HashX right) => left.CompareTo(right) > 0;

    public static bool operator >=(HashX left, HashX right) => left.CompareTo(right) >= 0;
}
