// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>Turns an error of the database into one that tells an operator what to do.</summary>
internal static class StorageErrors
{
    public static T Translate<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RocksDbException error)
        {
            throw Translate(path, error);
        }
        catch (AggregateException several) when (several.Flatten().InnerExceptions[0] is { } error)
        {
            throw error switch
            {
                RocksDbException native => Translate(path, native),
                IndexException known => known,
                _ => Translate(path, error),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Translate(path, error);
        }
    }

    private static IndexStorageException Translate(string path, Exception error) => new(
        $"The database {path} cannot be written ({error.Message}). What was committed is safe; check the disk and start again.", error);

    public static IndexException Translate(string path, RocksDbException error) => error.Kind switch
    {
        RocksDbErrorKind.LockHeld => new IndexBusyException(
            $"The database {path} is used by another process; stop the other server first (electrum-pot-server stop).", error),
        RocksDbErrorKind.Corruption => new IndexCorruptException(
            $"The database {path} is damaged ({error.Message}). Nothing was changed. Restore a copy of it, or remove the folder to import again.",
            error),
        RocksDbErrorKind.NoSpace => new IndexStorageException(
            $"No space is left for the database {path} ({error.Message}). What was committed is safe; make room and start again.", error),
        _ => new IndexStorageException(
            $"The database {path} cannot be read or written ({error.Message}). What was committed is safe; check the disk and start again.", error),
    };
}
