// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// A second name for the files of one committed state, in a folder beside the index and therefore on its disk: hard links,
/// which neither compactions nor later commits touch. Gone when disposed, and at the next opening of the index otherwise.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    /// <summary>Files that belong to the place where the database lay, and would tell its path.</summary>
    private static readonly string[] LocalFiles = ["LOG", "LOCK", "OPTIONS-"];

    private readonly string _parent;

    private CheckpointFolder(string parent)
    {
        _parent = parent;
        // RocksDB wants to make the folder itself, and uses another name until it is complete.
        Path = System.IO.Path.Combine(parent, "checkpoint");
    }

    /// <summary>A database of its own.</summary>
    public string Path { get; }

    /// <exception cref="IndexException">The files cannot be linked or the rows in memory not be written.</exception>
    public static CheckpointFolder Create(IndexStore store)
    {
        RemoveLeftovers(store.Path);
        var folder = new CheckpointFolder(FolderFor(store.Path));
        try
        {
            Directory.CreateDirectory(folder._parent);
            store.SaveCheckpoint(folder.Path);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IndexStorageException($"The folder {folder._parent} for a copy of the database cannot be used ({failure.Message}).", failure);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Of a process that was killed. Whoever calls it has the database open, so that nobody else can be at work here.</summary>
    /// <exception cref="IndexStorageException">They cannot be removed.</exception>
    public static void RemoveLeftovers(string indexPath)
    {
        string folder = FolderFor(indexPath);
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IndexStorageException($"{folder}, left from making a snapshot, cannot be removed ({failure.Message}). Remove it by hand and start again.", failure);
        }
    }

    public IEnumerable<FileInfo> EnumerateFiles() => new DirectoryInfo(Path).EnumerateFiles()
        .Where(file => !Array.Exists(LocalFiles, name => file.Name.StartsWith(name, StringComparison.Ordinal)))
        .OrderBy(file => file.Name, StringComparer.Ordinal);

    public void Dispose()
    {
        try
        {
            Directory.Delete(_parent, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It takes no room as long as the database has the same files, and the next opening tries again, with a message.
        }
    }

    private static string FolderFor(string indexPath) => IndexPlace.Beside(indexPath, ".snapshot");
}
