// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Chain.Primitives;

/// <summary>
/// A 256-bit hash: txid, block hash, merkle node. Held in internal (natural) byte order, the order in which it was
/// hashed and in which it stands in blocks; as text it is 64 hexadecimal digits in <em>display</em> order, which is
/// the reverse.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    public const int Size = 32;

    public const int HexLength = 64;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <param name="bytes">Exactly 32 bytes in internal order.</param>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        this = MemoryMarshal.Read<Hash256>(bytes);
    }

    /// <summary>All zero: the previous hash of a genesis block and the outpoint of a coinbase.</summary>
    public static Hash256 Zero => default;

    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>The bytes in internal order, without a copy; valid as long as the hash itself is.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<Hash256>(in this));

    /// <summary>Parses 64 hexadecimal digits in display order, of either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (hex.Length == HexLength && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done)
        {
            bytes.Reverse();
            hash = new Hash256(bytes);
            return true;
        }

        hash = default;
        return false;
    }

    /// <summary>Parses 64 hexadecimal digits (UTF-8) in display order, of either case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Hex, out Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (utf8Hex.Length == HexLength && Hex.TryDecode(utf8Hex, bytes))
        {
            bytes.Reverse();
            hash = new Hash256(bytes);
            return true;
        }

        hash = default;
        return false;
    }

    /// <exception cref="FormatException">Not 64 hexadecimal digits.</exception>
    public static Hash256 Parse(string hex) =>
        TryParse(hex.AsSpan(), out Hash256 hash)
            ? hash
            : throw new FormatException($"'{hex}' is not a hash of {HexLength} hexadecimal digits.");

    /// <summary>Copies the 32 bytes in internal order.</summary>
    public void CopyTo(Span<byte> destination) => Bytes.CopyTo(destination);

    public byte[] ToArray() => Bytes.ToArray();

    /// <summary>Writes 64 lower-case hexadecimal digits (UTF-8) in display order.</summary>
    public void FormatHex(Span<byte> utf8Destination) => Hex.EncodeReversed(Bytes, utf8Destination);

    /// <summary>64 lower-case hexadecimal digits in display order.</summary>
    public override string ToString()
    {
        Span<byte> hex = stackalloc byte[HexLength];
        FormatHex(hex);
        return System.Text.Encoding.ASCII.GetString(hex);
    }

    public bool Equals(Hash256 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Hash256 other && Equals(other);

    // All four words: a scripthash comes from a wallet, which need not have hashed anything to make one up.
    public override int GetHashCode() => KeyedHashCode.Fold(KeyedHashCode.Mix(KeyedHashCode.Mix(_a, _b) ^ _c, _d));

    /// <summary>Compares in display order, as protocol 1.6 sorts txids.</summary>
    public int CompareTo(Hash256 other)
    {
        int order = Display(_d).CompareTo(Display(other._d));
        if (order != 0) return order;
        order = Display(_c).CompareTo(Display(other._c));
        if (order != 0) return order;
        order = Display(_b).CompareTo(Display(other._b));
        return order != 0 ? order : Display(_a).CompareTo(Display(other._a));
    }

    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);

    public static bool operator <(Hash256 left, Hash256 right) => left.CompareTo(right) < 0;

    public static bool operator <=(Hash256 left, Hash256 right) => left.CompareTo(right) <= 0;

    public static bool operator >(Hash256 left, Hash256 right) => left.CompareTo(right) > 0;

    public static bool operator >=(Hash256 left, Hash256 right) => left.CompareTo(right) >= 0;

    // The last byte in memory is the first of the display form, and memory is little-endian on every platform served.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Display(ulong word) => BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
}
