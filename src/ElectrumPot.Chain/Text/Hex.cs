// SPDX-License-Identifier: MIT

using System.Buffers;

namespace ElectrumPot.Chain.Text;

/// <summary>Hexadecimal text as UTF-8, straight between wire buffers and bytes.</summary>
public static class Hex
{
    /// <summary>Two lower-case digits for each byte value, 512 bytes.</summary>
    private static readonly byte[] Digits = MakeDigits();

    /// <summary>Decodes exactly <c>2 * destination.Length</c> digits of either case.</summary>
    /// <returns>False when the length differs or a character is no digit.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> utf8Hex, Span<byte> destination) =>
        utf8Hex.Length == destination.Length * 2
        && Convert.FromHexString(utf8Hex, destination, out _, out _) == OperationStatus.Done;

    /// <summary>Writes <c>2 * bytes.Length</c> lower-case digits.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> utf8Destination)
    {
        if (!Convert.TryToHexStringLower(bytes, utf8Destination, out _))
            throw new ArgumentException("The destination is too short for the digits.", nameof(utf8Destination));
    }

    /// <summary>Writes the digits of the last byte first: the display order of hashes.</summary>
    public static void EncodeReversed(ReadOnlySpan<byte> bytes, Span<byte> utf8Destination)
    {
        if (utf8Destination.Length < bytes.Length * 2)
            throw new ArgumentException("The destination is too short for the digits.", nameof(utf8Destination));
        byte[] digits = Digits;
        int at = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            int digit = bytes[i] * 2;
            utf8Destination[at] = digits[digit];
            utf8Destination[at + 1] = digits[digit + 1];
            at += 2;
        }
    }

    private static byte[] MakeDigits()
    {
        var digits = new byte[512];
        for (int value = 0; value < 256; value++)
        {
            digits[value * 2] = (byte)"0123456789abcdef"[value >> 4];
            digits[(value * 2) + 1] = (byte)"0123456789abcdef"[value & 15];
        }

        return digits;
    }
}
