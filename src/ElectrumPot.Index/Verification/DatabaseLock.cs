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
        if (!File.Exists(Path.Combine(path, "CURRENT")))
            throw new IndexMissingException($"There is no database in {path}; the first start of the server makes it. If it should be there, check path in [rocksdb].");
        // A copy that was never opened has no such file, and nobody who could be disturbed.
        string name = Path.Combine(path, "LOCK");
        if (!File.Exists(name)) return new DatabaseLock(null);
        FileStream file;
        try
        {
            file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
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

    public void Dispose() => _file?.Dispose();
}
