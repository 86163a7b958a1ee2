// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.Security.Cryptography;
using ElectrumPot.Daemon;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Tests.Index.Model;

namespace ElectrumPot.Tests.Index.Snapshots;

/// <summary>A complete index of random blocks, and a place to restore its snapshots to.</summary>
internal sealed class SnapshotFixture : IDisposable
{
    private static readonly DateTimeOffset Now = new(2031, 5, 6, 7, 8, 9, 987, TimeSpan.FromHours(3));

    private readonly string _folder = Directory.CreateTempSubdirectory("electrum-pot-snapshot-").FullName;

    public SnapshotFixture(int blocks = 25, int pruningLimit = 100, bool storesTransactions = false)
    {
        Source = new IndexFixture(pruningLimit);
        Source.Reopen(options => options with { StoreTransactions = storesTransactions });
        var digester = new BlockDigester(IndexFixture.Potcoin);
        for (int i = 0; i < blocks; i++)
        {
            ModelBlock block = Chain.AddBlock();
            Source.Index.Writer.Connect(digester.Digest(new SourceBlock(block.Height, default, block.Raw), withTransactions: false, storesTransactions), keepUndo: true, touched: null);
            Source.Index.Writer.Commit(isDurable: false);
        }

        Source.Index.Publish(new HashSet<ElectrumPot.Chain.Primitives.HashX>());
    }

    public IndexFixture Source { get; }

    public RandomChain Chain { get; } = new(11);

    /// <summary>Where nothing is yet.</summary>
    public IndexOptions Target => Source.Options with { Path = Path.Combine(_folder, "index") };

    public string Folder => _folder;

    public byte[] Take()
    {
        using SnapshotArchive archive = Source.Index.PrepareSnapshot("1.2.3", Now);
        using var bytes = new MemoryStream();
        archive.Write(bytes, progress: null, CancellationToken.None);
        return bytes.ToArray();
    }

    public static async Task<SnapshotManifest> VerifyAsync(byte[] archive)
    {
        SnapshotReader reader = await SnapshotReader.OpenAsync(new MemoryStream(archive), "it", CancellationToken.None);
        await reader.ReadFilesAsync(folder: null, progress: null, CancellationToken.None);
        return reader.Manifest;
    }

    public Task<SnapshotManifest> RestoreAsync(byte[] archive, IndexOptions? options = null, Func<SnapshotManifest, CancellationToken, Task>? check = null) =>
        new SnapshotRestorer(options ?? Target).RestoreAsync(
            new MemoryStream(archive), "it", check ?? ((_, _) => Task.CompletedTask), progress: null, CancellationToken.None);

    /// <summary>Every file and folder below the data folder.</summary>
    public string[] FindFiles() => [.. Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder, path))];

    /// <summary>The entries of an archive, for putting together another.</summary>
    public static List<(string Name, byte[] Content)> Unpack(byte[] archive)
    {
        var entries = new List<(string, byte[])>();
        using var tar = new TarReader(new MemoryStream(archive));
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add((entry.Name, content.ToArray()));
        }

        return entries;
    }

    public static byte[] Pack(params IEnumerable<(string Name, byte[] Content)> entries) =>
        Pack(entries.Select(entry => (TarEntry)new UstarTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(entry.Content) }).ToArray());

    public static byte[] Pack(params TarEntry[] entries)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (TarEntry entry in entries) tar.WriteEntry(entry);
        }

        return bytes.ToArray();
    }

    /// <summary>An archive whose manifest has its checksum, whatever it says.</summary>
    public static byte[] Pack(byte[] manifest, params IEnumerable<(string Name, byte[] Content)> files) => Pack(
    [
        ("manifest.json", manifest),
        ("manifest.json.sha256", System.Text.Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(manifest))}  manifest.json\n")),
        .. files,
    ]);

    public void Dispose()
    {
        Source.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
