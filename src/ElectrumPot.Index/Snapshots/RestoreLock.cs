// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Snapshots;

/// <summary>Keeps two processes from restoring to one place, as RocksDB's own lock does for a database that is there.</summary>
internal sealed class RestoreLock : IDisposable
{
    private readonly FileStream _file;

    private RestoreLock(FileStream file) => _file = file;

    /// <exception cref="SnapshotRefusedException">Another process has it.</exception>
    /// <exception cref="IndexStorageException">The data folder cannot be written.</exception>
    public static RestoreLock Take(string indexPath)
    {
        string path = PathFor(indexPath);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new RestoreLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException taken) when (File.Exists(path))
        {
            throw new SnapshotRefusedException($"A snapshot is being restored to {indexPath} by another process; wait until it is done.", taken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IndexStorageException($"The data folder {Path.GetDirectoryName(path)} cannot be written ({failure.Message}); correct [rocksdb] path or the owner of the folder.", failure);
        }
    }

    /// <summary>Whether a process has it, or had it when it was killed.</summary>
    public static bool Exists(string indexPath) => File.Exists(PathFor(indexPath));

    public void Dispose() => _file.Dispose();

    private static string PathFor(string indexPath) => IndexPlace.Beside(indexPath, ".restoring.lock");
}
