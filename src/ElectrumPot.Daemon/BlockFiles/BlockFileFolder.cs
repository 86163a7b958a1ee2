// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using Microsoft.Win32.SafeHandles;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// A daemon's folder of <c>blk00000.dat</c> and so on. A file is a row of records: magic of the network, length as a
/// little-endian uint32, block as on the wire. The order is that of arrival, stale blocks are among them, and behind the last
/// record there may be zeros, or the remains of a crash.
/// </summary>
public sealed class BlockFileFolder
{
    /// <summary>Magic and length before each block.</summary>
    internal const int RecordHead = 8;

    /// <summary>A header and a transaction count: nothing shorter is a block.</summary>
    internal const int MinBlockBytes = BlockHeader.Size + 1;

    private const string Prefix = "blk";
    private const string Suffix = ".dat";
    private const int MinDigits = 5;

    private readonly byte[] _magic = new byte[sizeof(uint)];

    internal BlockFileFolder(string path, Coin coin, ObfuscationKey key)
    {
        Path = path;
        Key = key;
        MaxBlockBytes = coin.MaxBlockSize;
        BinaryPrimitives.WriteUInt32BigEndian(_magic, coin.MessageStart);
    }

    public string Path { get; }

    internal ObfuscationKey Key { get; }

    internal ReadOnlySpan<byte> Magic => _magic;

    /// <summary>A length beyond it is no length of a block.</summary>
    internal int MaxBlockBytes { get; }

    /// <summary>Number and size of the files, for people.</summary>
    public string Describe()
    {
        long bytes = 0;
        IReadOnlyList<int> files = ListFiles();
        foreach (int file in files)
            bytes += new FileInfo(PathOf(file)) is { Exists: true } info ? info.Length : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{files.Count:N0} {(files.Count == 1 ? "file" : "files")}, {bytes / 1_000_000.0:N0} MB");
    }

    /// <summary>The numbers of the files that are there now, ascending; numbers may be missing. Empty when the folder cannot be read.</summary>
    internal IReadOnlyList<int> ListFiles()
    {
        try
        {
            return ListFiles(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc cref="ListFiles()"/>
    /// <exception cref="IOException">No such folder, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static IReadOnlyList<int> ListFiles(string folder)
    {
        var numbers = new List<int>();
        foreach (string file in Directory.EnumerateFileSystemEntries(folder, $"{Prefix}*{Suffix}"))
        {
            ReadOnlySpan<char> name = System.IO.Path.GetFileName(file.AsSpan());
            ReadOnlySpan<char> digits = name[Prefix.Length..^Suffix.Length];
            if (digits.Length >= MinDigits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                numbers.Add(number);
        }

        numbers.Sort();
        return numbers;
    }

    internal string PathOf(int file) => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{file:D5}{Suffix}"));

    /// <exception cref="IOException">No such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal SafeFileHandle Open(int file, FileOptions options = FileOptions.None) =>
        // The files are the daemon's: whatever it does with them meanwhile is its right.
        File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);

    /// <summary>Reads up to the end of the buffer or of the file, and unmasks.</summary>
    /// <returns>Bytes read.</returns>
    internal int Read(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        int read = 0;
        while (read < buffer.Length && RandomAccess.Read(handle, buffer[read..], offset + read) is > 0 and var more)
            read += more;
        Key.Apply(buffer[..read], offset);
        return read;
    }

    /// <summary>The header at the very beginning of a file; null when there is none.</summary>
    internal BlockHeader? ReadFirstHeader(int file)
    {
        try
        {
            Span<byte> record = stackalloc byte[RecordHead + BlockHeader.Size];
            using SafeFileHandle handle = Open(file);
            return Read(handle, record, 0) == record.Length && record.StartsWith(_magic) ? BlockHeader.Parse(record[RecordHead..]) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
