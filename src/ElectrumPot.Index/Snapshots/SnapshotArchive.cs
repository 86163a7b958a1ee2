// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// One committed state of the database, held still, and the tar archive that it becomes: manifest, checksum of the
/// manifest, files. The server goes on writing meanwhile. Dispose it to let go of the state.
/// </summary>
public sealed class SnapshotArchive : IDisposable
{
    private static readonly string NoChecksum = new('0', ManifestJson.HashLength);

    private readonly CheckpointFolder _folder;
    private readonly SnapshotManifest _draft;

    private SnapshotArchive(CheckpointFolder folder, SnapshotManifest draft)
    {
        _folder = folder;
        _draft = draft;
        byte[] manifest = ManifestJson.Write(draft);
        Length = TarHeader.EntrySize(manifest.Length)
            + TarHeader.EntrySize(ManifestJson.WriteChecksum(manifest).Length)
            + draft.Files.Sum(static file => TarHeader.EntrySize(file.Size))
            + TarHeader.EndSize;
    }

    /// <summary>Exact bytes of the archive: checksums have one length whatever they are.</summary>
    public long Length { get; }

    public int Height => _draft.Height;

    /// <summary>What it is usually called, such as <c>potcoin-1234.tar</c>.</summary>
    public string FileName => $"{_draft.Coin}-{_draft.Height}.tar";

    /// <param name="serverVersion">For the manifest.</param>
    /// <param name="now">For the manifest.</param>
    /// <exception cref="SnapshotRefusedException">The database is not complete.</exception>
    /// <exception cref="IndexException">The copy cannot be made.</exception>
    internal static SnapshotArchive Prepare(IndexStore store, IndexOptions options, string serverVersion, DateTimeOffset now)
    {
        // The copy says for sure whether it is complete; this saves making one.
        RequireImported(store.State.IsImported, store.Path);
        CheckpointFolder folder = CheckpointFolder.Create(store);
        try
        {
            StoreFacts facts = StoreFacts.Read(folder.Path);
            RequireImported(facts.IsImported, store.Path);
            // It becomes part of the names of files.
            if (!ManifestJson.IsWord(facts.Coin)) throw new IndexCorruptException($"The database {store.Path} names its coin by something other than a plain word.");
            return new SnapshotArchive(folder, new SnapshotManifest
            {
                Format = SnapshotManifest.CurrentFormat,
                Coin = facts.Coin,
                Genesis = facts.Genesis.ToString()!,
                Height = facts.Tip.Height,
                Hash = facts.Tip.Hash.ToString(),
                Transactions = facts.Tip.Transactions,
                PruningLimit = facts.PruningLimit,
                ReorgLimit = options.ReorgLimit,
                StoreTransactions = facts.StoresTransactions,
                Schema = facts.Schema,
                RocksDb = RocksDbLibrary.Version,
                Server = serverVersion,
                Created = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
                Files = [.. folder.EnumerateFiles().Select(static file => new SnapshotFile(file.Name, RequireSize(file), NoChecksum))],
            });
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Reads all files twice: for the checksums, which stand first in the archive, and for the archive.</summary>
    /// <exception cref="IndexException">A file cannot be read, or differs from one time to the next.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Write(Stream output, IProgress<SnapshotProgress>? progress, CancellationToken cancellationToken)
    {
        SnapshotManifest manifest = _draft with { Files = ComputeChecksums(progress, cancellationToken) };
        byte[] json = ManifestJson.Write(manifest);
        using var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true);
        WriteEntry(tar, ManifestJson.EntryName, new MemoryStream(json));
        WriteEntry(tar, ManifestJson.ChecksumEntryName, new MemoryStream(ManifestJson.WriteChecksum(json)));
        long total = manifest.TotalBytes;
        long done = 0;
        foreach (SnapshotFile file in manifest.Files)
        {
            using var content = new HashingStream(
                Path.Combine(_folder.Path, file.Name), count => progress?.Report(new SnapshotProgress("writing", done += count, total)), cancellationToken);
            WriteEntry(tar, file.Name, content);
            if (content.TakeChecksum() != file.Sha256)
                throw new IndexCorruptException($"{file.Name} of the database reads differently from one time to the next; check the disk and the memory.");
        }
    }

    public void Dispose() => _folder.Dispose();

    private SnapshotFile[] ComputeChecksums(IProgress<SnapshotProgress>? progress, CancellationToken cancellationToken)
    {
        long total = _draft.TotalBytes;
        long done = 0;
        return
        [
            .. _draft.Files.Select(file =>
            {
                using var content = new HashingStream(
                    Path.Combine(_folder.Path, file.Name), count => progress?.Report(new SnapshotProgress("checking", done += count, total)), cancellationToken);
                content.CopyTo(Stream.Null, HashingStream.BufferSize);
                return file with { Sha256 = content.TakeChecksum() };
            }),
        ];
    }

    private void WriteEntry(TarWriter tar, string name, Stream content) => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        ModificationTime = _draft.Created,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
    });

    /// <exception cref="SnapshotRefusedException">It is not.</exception>
    internal static void RequireImported(bool isImported, string path)
    {
        if (!isImported)
        {
            throw new SnapshotRefusedException(
                $"The database {path} is not complete: the first import, or its clean-up, is under way. A snapshot can be made when 'electrum-pot-server status' says caught up.");
        }
    }

    private static long RequireSize(FileInfo file) => file.Length <= TarHeader.MaxFileSize
        ? file.Length
        : throw new SnapshotRefusedException($"{file.Name} of the database has {file.Length} bytes, more than an entry of a tar archive holds.");
}
