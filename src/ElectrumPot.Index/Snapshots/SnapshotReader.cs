// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Security.Cryptography;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// Reads an archive once, from the first byte to the last, and believes nothing in it: entries must be those of the
/// manifest, in its order and with its sizes and checksums, and nothing may follow.
/// </summary>
public sealed class SnapshotReader
{
    private const int BufferSize = 128 << 10;

    /// <summary>Zeros that other writers of tar put behind the end.</summary>
    private const int MaxTrailingZeros = 64 << 10;

    private readonly Stream _archive;
    private readonly string _name;

    private SnapshotReader(Stream archive, string name)
    {
        _archive = archive;
        _name = name;
    }

    public SnapshotManifest Manifest { get; private set; } = null!;

    /// <summary>Reads the manifest and checks it.</summary>
    /// <param name="name">File or address, for messages.</param>
    /// <exception cref="SnapshotDamagedException">It is no snapshot, or damaged.</exception>
    /// <exception cref="SnapshotRefusedException">A later version of the server made it.</exception>
    public static async Task<SnapshotReader> OpenAsync(Stream archive, string name, CancellationToken cancellationToken)
    {
        var reader = new SnapshotReader(archive, name);
        byte[] block = new byte[TarHeader.BlockSize];
        int begun = await archive.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
        TarHeader? first = begun == block.Length ? TryRead(block) : null;
        if (first is not { Name: ManifestJson.EntryName, Size: > 0 and <= ManifestJson.MaxBytes })
            throw new SnapshotDamagedException($"{name} is no snapshot: it does not begin with a {ManifestJson.EntryName}.");

        byte[] manifest = await reader.ReadSmallEntryAsync((int)first.Value.Size, ManifestJson.EntryName, cancellationToken);
        byte[] expected = ManifestJson.WriteChecksum(manifest);
        await reader.ReadHeaderAsync(ManifestJson.ChecksumEntryName, expected.Length, cancellationToken);
        byte[] checksum = await reader.ReadSmallEntryAsync(expected.Length, ManifestJson.ChecksumEntryName, cancellationToken);
        if (!checksum.AsSpan().SequenceEqual(expected)) throw reader.Damaged($"{ManifestJson.EntryName} does not have its checksum");
        try
        {
            reader.Manifest = ManifestJson.Read(manifest);
        }
        catch (FormatException wrong)
        {
            throw reader.Damaged($"the manifest {wrong.Message}", wrong);
        }

        return reader;
    }

    /// <summary>Reads all files and the end of the archive.</summary>
    /// <param name="folder">Where to write them, each waited for until it is on the disk; null only checks them.</param>
    /// <exception cref="SnapshotDamagedException">Something differs from the manifest.</exception>
    public async Task ReadFilesAsync(string? folder, IProgress<SnapshotProgress>? progress, CancellationToken cancellationToken)
    {
        long total = Manifest.TotalBytes;
        long done = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (SnapshotFile file in Manifest.Files)
            {
                await ReadHeaderAsync(file.Name, file.Size, cancellationToken);
                await using FileStream? target = folder is null ? null : new FileStream(Path.Combine(folder, file.Name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                for (long left = file.Size; left > 0;)
                {
                    int count = (int)Math.Min(left, BufferSize);
                    await ReadAsync(buffer.AsMemory(0, count), file.Name, cancellationToken);
                    hash.AppendData(buffer, 0, count);
                    if (target is not null) await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                    left -= count;
                    done += count;
                    progress?.Report(new SnapshotProgress("reading", done, total));
                }

                if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256) throw Damaged($"{file.Name} does not have its checksum");
                await ReadPaddingAsync(file.Size, file.Name, cancellationToken);
                target?.Flush(flushToDisk: true);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await ReadEndAsync(cancellationToken);
    }

    private async Task ReadHeaderAsync(string name, long size, CancellationToken cancellationToken)
    {
        byte[] block = new byte[TarHeader.BlockSize];
        await ReadAsync(block, name, cancellationToken);
        if (!block.AsSpan().ContainsAnyExcept((byte)0)) throw Damaged($"it ends before {name}");
        TarHeader header;
        try
        {
            header = TarHeader.Read(block);
        }
        catch (FormatException wrong)
        {
            throw Damaged($"{wrong.Message}, where {name} should be", wrong);
        }

        if (header.Name != name)
        {
            string found = ManifestJson.IsFileName(header.Name) ? header.Name : "an entry with another name";
            throw Damaged($"{found} stands where {name} should be");
        }

        if (header.Size != size) throw Damaged($"{name} has {header.Size} bytes instead of {size}");
    }

    /// <param name="size">Within bounds that the caller has checked.</param>
    private async Task<byte[]> ReadSmallEntryAsync(int size, string name, CancellationToken cancellationToken)
    {
        byte[] content = new byte[size];
        await ReadAsync(content, name, cancellationToken);
        await ReadPaddingAsync(size, name, cancellationToken);
        return content;
    }

    private async Task ReadPaddingAsync(long size, string name, CancellationToken cancellationToken)
    {
        byte[] padding = new byte[TarHeader.PaddingOf(size)];
        await ReadAsync(padding, name, cancellationToken);
        if (padding.AsSpan().ContainsAnyExcept((byte)0)) throw Damaged($"something stands behind {name}");
    }

    private async Task ReadEndAsync(CancellationToken cancellationToken)
    {
        byte[] rest = new byte[TarHeader.EndSize + MaxTrailingZeros];
        int length = await _archive.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, cancellationToken);
        if (rest.AsSpan(0, length).ContainsAnyExcept((byte)0) || length == rest.Length) throw Damaged("something stands behind the last file of the manifest");
        if (length < TarHeader.EndSize) throw Damaged("it is cut short at its end");
    }

    private async Task ReadAsync(Memory<byte> destination, string name, CancellationToken cancellationToken)
    {
        try
        {
            await _archive.ReadExactlyAsync(destination, cancellationToken);
        }
        catch (EndOfStreamException cut)
        {
            throw Damaged($"it is cut short within {name}", cut);
        }
    }

    private static TarHeader? TryRead(ReadOnlySpan<byte> block)
    {
        try
        {
            return TarHeader.Read(block);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private SnapshotDamagedException Damaged(string what, Exception? inner = null) =>
        new($"The snapshot {_name} is damaged: {what}. Fetch or make it again.", inner);
}
