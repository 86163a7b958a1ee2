// SPDX-License-Identifier: MIT

using System.Text;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// One header block of a tar archive (POSIX ustar), read without mercy: regular files with plain names only. The reader of
/// the platform also follows extensions whose lengths an archive chooses, and takes memory for them.
/// </summary>
internal readonly record struct TarHeader(string Name, long Size)
{
    public const int BlockSize = 512;

    /// <summary>Two blocks of zeros.</summary>
    public const int EndSize = 2 * BlockSize;

    /// <summary>The largest file that eleven octal digits can tell.</summary>
    public const long MaxFileSize = (1L << 33) - 1;

    private static readonly Range NameField = 0..100;
    private static readonly Range SizeField = 124..136;
    private static readonly Range ChecksumField = 148..156;
    private const int TypeField = 156;
    private static readonly Range LinkField = 157..257;
    private static readonly Range MagicField = 257..263;
    private static readonly Range PrefixField = 345..500;

    /// <summary>Bytes of an entry: header, content, and zeros up to the next block.</summary>
    public static long EntrySize(long size) => BlockSize + size + PaddingOf(size);

    public static int PaddingOf(long size) => (int)(-size & (BlockSize - 1));

    /// <param name="block">512 bytes.</param>
    /// <exception cref="FormatException">Anything else than the header of a regular file; the message completes a sentence.</exception>
    public static TarHeader Read(ReadOnlySpan<byte> block)
    {
        if (!HasChecksum(block)) throw new FormatException("the header of an entry is damaged");
        if (!block[MagicField][..5].SequenceEqual("ustar"u8)) throw new FormatException("an entry is not in the ustar form of tar");
        if (block[TypeField] is not ((byte)'0' or 0) || block[LinkField].ContainsAnyExcept((byte)0))
            throw new FormatException("an entry is a link, a folder or something else that is no regular file");
        if (block[PrefixField].ContainsAnyExcept((byte)0)) throw new FormatException("an entry lies in a folder");

        ReadOnlySpan<byte> name = block[NameField];
        int length = name.IndexOf((byte)0);
        if (length >= 0 && name[length..].ContainsAnyExcept((byte)0)) throw new FormatException("the name of an entry is damaged");
        if (length >= 0) name = name[..length];
        if (!TryReadOctal(block[SizeField], out long size)) throw new FormatException("the size of an entry is no number");
        return new TarHeader(Encoding.Latin1.GetString(name), size);
    }

    /// <summary>Exactly the form that every writer uses: six digits, a zero, a space.</summary>
    private static bool HasChecksum(ReadOnlySpan<byte> block)
    {
        int sum = 0;
        foreach (byte value in block) sum += value;
        ReadOnlySpan<byte> field = block[ChecksumField];
        foreach (byte value in field) sum += ' ' - value;
        return field[6] == 0 && field[7] == ' ' && TryReadOctal(field[..7], out long stored) && stored == sum;
    }

    private static bool TryReadOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        // The last byte ends the number.
        foreach (byte digit in field[..^1])
        {
            if (digit is < (byte)'0' or > (byte)'7') return false;
            value = (value << 3) + (digit - '0');
        }

        return field[^1] is 0 or (byte)' ';
    }
}
