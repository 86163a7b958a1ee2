// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Keeps servers out while a database is read, and refuses where one has it open: a shared lock on the file that RocksDB
/// locks for itself alone. Several readers do not disturb each other.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream? _file;

    private DatabaseLock(FileStream? file) => _file = file;

    /// <exception cref="IndexMissingException">There is no database.</exception>
    /// <exception cref="IndexBusyException">A server uses it.</exception>
    public static DatabaseLock Take(string path)
    {
        string name = Path.Combine(path, "LOCK");
        bool isLockable = File.Exists(name);
        if (!isLockable && !IsMade(path))
            throw new IndexMissingException($"There is no database in {path}; the first start of the server makes it. If it should be there, check path in [rocksdb].");
        if (!IsMade(path) && Directory.EnumerateFiles(path, "*.sst").Any())
            throw new IndexCorruptException($"The database {path} has lost its file CURRENT. Restore a copy of it, or remove the folder to import again.");
        // A copy that was never opened may have no such file. One that belongs to root would keep a server of another user out for ever.
        if (!isLockable && Environment.IsPrivilegedProcess) return new DatabaseLock(null);
        FileStream file;
        try
        {
            file = new FileStream(name, isLockable ? FileMode.Open : FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (!isLockable && error is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be written no server can start either.
            return new DatabaseLock(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IndexStorageException($"The database {path} cannot be read ({error.Message}); check the owner of the folder.", error);
        }

        try
        {
            // There .NET has no such locks; servers run elsewhere.
            if (!OperatingSystem.IsMacOS()) file.Lock(0, 0);
            return new DatabaseLock(file);
        }
        catch (IOException error)
        {
            file.Dispose();
            throw new IndexBusyException(
                $"The database {path} is used by another process; stop the server first (electrum-pot-server stop).", error);
        }
    }

    /// <summary>Whether RocksDB would open what is there, and not make a new one.</summary>
    public static bool IsMade(string path) => File.Exists(Path.Combine(path, "CURRENT"));

    public void Dispose() => _file?.Dispose();
}
