// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// Makes a database out of a snapshot: in a folder beside the place of the index, which gets the name of the index when
/// everything in it has been checked and is on the disk. Nothing of an interrupted attempt is ever used.
/// </summary>
public sealed class SnapshotRestorer(IndexOptions options)
{
    private readonly string _target = IndexPlace.Resolve(options.Path);

    private string Restoring => FolderFor(_target);

    /// <param name="archive">Read to its end, never back.</param>
    /// <param name="name">File or address of the archive, for messages.</param>
    /// <param name="check">What else the manifest has to stand before anything is written; throws to refuse.</param>
    /// <exception cref="SnapshotDamagedException">It is no snapshot, or damaged.</exception>
    /// <exception cref="SnapshotRefusedException">It does not fit the configuration, or the place is taken.</exception>
    /// <exception cref="IndexStorageException">The disk fails or is full.</exception>
    public async Task<SnapshotManifest> RestoreAsync(
        Stream archive,
        string name,
        Func<SnapshotManifest, CancellationToken, Task> check,
        IProgress<SnapshotProgress>? progress,
        CancellationToken cancellationToken)
    {
        using RestoreLock turn = RestoreLock.Take(_target);
        RequireNoDatabase();
        SnapshotReader reader = await SnapshotReader.OpenAsync(archive, name, cancellationToken);
        RequireFit(reader.Manifest);
        await check(reader.Manifest, cancellationToken);
        try
        {
            RemoveFolder();
            // An empty folder may be one that cannot go, because another disk is mounted there: better known now.
            RemoveEmptyTarget();
            FreeSpace.Require(Path.GetDirectoryName(_target)!, reader.Manifest.TotalBytes);
            Directory.CreateDirectory(Restoring);
            await reader.ReadFilesAsync(Restoring, progress, cancellationToken);
            RequireTruth(reader.Manifest, name);
            MoveIntoPlace();
        }
        catch (Exception failure) when (failure is not IndexException and (IOException or UnauthorizedAccessException))
        {
            // Reading from the archive has messages of its own, where it is not simply a file.
            throw new IndexStorageException($"The snapshot cannot be restored to {_target} ({failure.Message}). Nothing was changed.", failure);
        }
        finally
        {
            TryRemoveFolder();
        }

        return reader.Manifest;
    }

    /// <summary>Before a server opens the index: what an interrupted attempt has left goes, and one that is under way is told of.</summary>
    /// <exception cref="SnapshotRefusedException">A snapshot is being restored.</exception>
    public static void RemoveLeftovers(string indexPath)
    {
        if (!Directory.Exists(FolderFor(indexPath)) && !RestoreLock.Exists(indexPath)) return;
        using RestoreLock turn = RestoreLock.Take(indexPath);
        if (Directory.Exists(FolderFor(indexPath))) Directory.Delete(FolderFor(indexPath), recursive: true);
    }

    private static string FolderFor(string indexPath) => IndexPlace.Beside(indexPath, ".restoring");

    private void RequireNoDatabase()
    {
        if (StoppedDatabase.Exists(_target))
        {
            throw new SnapshotRefusedException(
                $"There is a database already: {_target}. To use the snapshot in its place, stop the server and move it away: mv {_target} {_target}.old");
        }
    }

    private void RequireFit(SnapshotManifest manifest)
    {
        if (manifest.Genesis != options.Coin.GenesisHash.ToString())
        {
            throw new SnapshotRefusedException(
                $"The snapshot belongs to the coin {manifest.Coin} (genesis {manifest.Genesis}), the configuration asks for {options.Coin.Id} (genesis {options.Coin.GenesisHash});"
                + " take another snapshot, or set the right coin in [server].");
        }

        if (manifest.Schema != IndexStore.Schema)
        {
            throw new SnapshotRefusedException(
                $"The snapshot has schema {manifest.Schema} (made by server {manifest.Server}), this version needs {IndexStore.Schema}; take a snapshot made by a server of this version.");
        }

        bool hasForgotten = manifest.PruningLimit != 0 && (options.PruningLimit == 0 || options.PruningLimit > manifest.PruningLimit);
        if (hasForgotten)
        {
            throw new SnapshotRefusedException(
                $"The snapshot was made with pruning_limit = {manifest.PruningLimit} and has forgotten what pruning_limit = {options.PruningLimit} of the configuration would keep;"
                + $" set pruning_limit = {manifest.PruningLimit} (or lower) in [rocksdb], or take another snapshot.");
        }

        if (options.StoreTransactions && !manifest.StoreTransactions)
        {
            throw new SnapshotRefusedException(
                "The snapshot was made without transactions (store_transactions = no), and the configuration wants them;"
                + " set store_transactions = no in [rocksdb], or take another snapshot.");
        }
    }

    /// <summary>The manifest is only what somebody wrote on the parcel.</summary>
    private void RequireTruth(SnapshotManifest manifest, string name)
    {
        StoreFacts facts;
        try
        {
            facts = StoreFacts.Read(Restoring);
        }
        catch (IndexException unusable)
        {
            throw new SnapshotDamagedException(
                $"The snapshot {name} holds no database that can be opened (made with RocksDB {manifest.RocksDb}): {unusable.Message}", unusable);
        }

        bool isTrue = (facts.Tip.Height, facts.Tip.Hash.ToString(), facts.Tip.Transactions) == (manifest.Height, manifest.Hash, manifest.Transactions)
            && facts.Genesis?.ToString() == manifest.Genesis
            && facts.Coin == manifest.Coin
            && facts.Schema == manifest.Schema
            && facts.PruningLimit == manifest.PruningLimit
            && facts.StoresTransactions == manifest.StoreTransactions
            && facts.IsImported;
        if (!isTrue)
        {
            throw new SnapshotDamagedException(
                $"The snapshot {name} is not what its manifest says: it holds block {facts.Tip.Height} ({facts.Tip.Hash}) instead of {manifest.Height} ({manifest.Hash}),"
                + " or another coin, schema or limit. Do not trust where it comes from.");
        }
    }

    private void MoveIntoPlace()
    {
        // RocksDB makes it at the first opening; until then nobody who reads the database could keep a server out.
        new FileStream(Path.Combine(Restoring, "LOCK"), FileMode.OpenOrCreate).Dispose();
        DurableFiles.SyncFolder(Restoring);
        RemoveEmptyTarget();
        Directory.Move(Restoring, _target);
        DurableFiles.SyncFolder(Path.GetDirectoryName(_target)!);
    }

    private void RemoveEmptyTarget()
    {
        RequireNoDatabase();
        if (Directory.Exists(_target)) Directory.Delete(_target);
    }

    private void RemoveFolder()
    {
        if (Directory.Exists(Restoring)) Directory.Delete(Restoring, recursive: true);
    }

    private void TryRemoveFolder()
    {
        try
        {
            RemoveFolder();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What has gone wrong before is told; the next attempt and the next start remove the folder.
        }
    }
}
