// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace ElectrumPot.Index.Tables;

/// <summary>A table file that RocksDB has begun to take, and perhaps has taken, when the process was killed.</summary>
internal static class TableFile
{
    public const string CopyExtension = ".copy";

    /// <summary>The properties stand at the end, behind them only their index and the footer.</summary>
    private const int TailSize = 1 << 16;

    /// <summary>Between the value of one property and the name of the next: three lengths of a byte each.</summary>
    private const int Lengths = 3;

    /// <summary>Properties are in order, and a name lacks what it shares with the one before.</summary>
    private static ReadOnlySpan<byte> SequenceName => "global_seqno"u8;

    private static ReadOnlySpan<byte> NextName => "version"u8;

    /// <summary>
    /// Makes a copy in the state in which the file was written. RocksDB links a file, writes a sequence number into it, and
    /// removes the old name last; a file with such a number it refuses to take again, and where it has it already, another
    /// number would damage what it has.
    /// </summary>
    /// <returns>The path of the copy, beside the file.</returns>
    /// <exception cref="IndexCorruptException">It is no table file that was made to be taken.</exception>
    /// <exception cref="IOException">The disk failed or is full.</exception>
    public static string CopyPristine(string path)
    {
        string copy = path + CopyExtension;
        // An earlier copy may be a file of the database by now, under its other name: it must not be written to.
        File.Delete(copy);
        File.Copy(path, copy);
        using FileStream file = File.Open(copy, FileMode.Open, FileAccess.ReadWrite);
        byte[] tail = new byte[Math.Min(TailSize, file.Length)];
        long start = file.Length - tail.Length;
        file.Position = start;
        file.ReadExactly(tail);
        int name = tail.AsSpan().LastIndexOf(SequenceName);
        int number = name + SequenceName.Length;
        int next = number + sizeof(ulong) + Lengths;
        if (name < 0 || next > tail.Length || !tail.AsSpan(next).StartsWith(NextName))
        {
            throw new IndexCorruptException(
                $"The file {path} of an interrupted commit is damaged. Nothing was changed. Restore a copy of the database, or remove its folder to import again.");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(tail.AsSpan(number)) != 0)
        {
            file.Position = start + number;
            file.Write(stackalloc byte[sizeof(ulong)]);
            file.Flush(flushToDisk: true);
        }

        return copy;
    }
}
