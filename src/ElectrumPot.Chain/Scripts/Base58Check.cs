// SPDX-License-Identifier: MIT

using System.Numerics;
using ElectrumPot.Chain.Hashing;

namespace ElectrumPot.Chain.Scripts;

/// <summary>Base58 with a four-byte checksum: the form of addresses.</summary>
public static class Base58Check
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int ChecksumSize = 4;

    /// <summary>Longer text is refused before any arithmetic is done on it; an address has 26 to 35 characters.</summary>
    private const int MaxTextLength = 128;

    private const int MaxPayloadSize = 64;

    /// <param name="payload">Version byte and hash, or anything else of at most 64 bytes.</param>
    public static string Encode(ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayloadSize, nameof(payload));
        Span<byte> data = stackalloc byte[payload.Length + ChecksumSize];
        payload.CopyTo(data);
        Sha256d.Hash(payload).Bytes[..ChecksumSize].CopyTo(data[payload.Length..]);

        var number = new BigInteger(data, isUnsigned: true, isBigEndian: true);
        var text = new Stack<char>();
        while (number > 0)
        {
            number = BigInteger.DivRem(number, 58, out BigInteger digit);
            text.Push(Alphabet[(int)digit]);
        }

        for (int i = 0; i < data.Length && data[i] == 0; i++)
            text.Push(Alphabet[0]);
        return new string(text.ToArray());
    }

    /// <summary>Decodes into a buffer of exactly the expected size.</summary>
    /// <returns>False when the text is not Base58, has another size, or a wrong checksum.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> payload)
    {
        if (text.IsEmpty || text.Length > MaxTextLength) return false;
        BigInteger number = BigInteger.Zero;
        int leadingZeros = 0;
        foreach (char c in text)
        {
            int digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return false;
            if (digit == 0 && number.IsZero) leadingZeros++;
            number = (number * 58) + digit;
        }

        int numberSize = number.IsZero ? 0 : number.GetByteCount(isUnsigned: true);
        if (leadingZeros + numberSize != payload.Length + ChecksumSize) return false;
        Span<byte> data = stackalloc byte[payload.Length + ChecksumSize];
        data.Clear();
        if (numberSize > 0 && !number.TryWriteBytes(data[leadingZeros..], out _, isUnsigned: true, isBigEndian: true)) return false;
        if (!Sha256d.Hash(data[..payload.Length]).Bytes[..ChecksumSize].SequenceEqual(data[payload.Length..])) return false;
        data[..payload.Length].CopyTo(payload);
        return true;
    }
}
