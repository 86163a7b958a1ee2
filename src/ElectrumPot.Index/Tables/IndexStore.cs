// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>The opened database and its tables. Knows nothing of blocks; whoever writes is the only writer.</summary>
internal sealed class IndexStore : IDisposable
{
    /// <summary>Raise it with every change of a key or value, and say in the changelog what a user has to do.</summary>
    public const int Schema = 3;

    private readonly RocksDb _database;

    private IndexStore(RocksDb database, string path)
    {
        _database = database;
        Path = path;
        State = new StateTable(database);
        Headers = new HeaderTable(database);
        Txids = new TxidTable(database);
        Locations = new LocationTable(database);
        Outputs = new OutputTable(database);
        Scripts = new ScriptTable(database);
        Aliases = new AliasTable(database);
        Undo = new UndoTable(database);
    }

    public string Path { get; }

    public StateTable State { get; }

    public HeaderTable Headers { get; }

    public TxidTable Txids { get; }

    public LocationTable Locations { get; }

    public OutputTable Outputs { get; }

    public ScriptTable Scripts { get; }

    public AliasTable Aliases { get; }

    public UndoTable Undo { get; }

    /// <exception cref="IndexException">The database cannot be opened, or is not of this coin, schema or limit.</exception>
    public static IndexStore Open(IndexOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IndexStorageException(
                $"The database folder {options.Path} cannot be created ({error.Message}); check path in [rocksdb] and its permissions.", error);
        }

        return StorageErrors.Translate(options.Path, () =>
        {
            Cache cache = Cache.CreateLru((ulong)options.CacheBytes);
            RocksDb database = RocksDb.Open(StoreTuning.Database(), options.Path, StoreTuning.Tables(cache));
            var store = new IndexStore(database, options.Path);
            try
            {
                store.RequireIdentity(options);
                return store;
            }
            catch
            {
                store.Dispose();
                throw;
            }
        });
    }

    public Snapshot CreateSnapshot() => _database.CreateSnapshot();

    /// <summary>A copy of one committed state, by hard links, that can be opened as a database.</summary>
    /// <param name="folder">Must not exist; its parent does.</param>
    public void SaveCheckpoint(string folder) => StorageErrors.Translate(Path, () =>
    {
        using Checkpoint checkpoint = _database.Checkpoint();
        checkpoint.Save(folder);
        return true;
    });

    /// <param name="isDurable">Wait until the rows are on the disk; else a power cut may lose the newest blocks, never consistency.</param>
    public void Write(WriteBatch batch, bool isDurable) => StorageErrors.Translate(Path, () =>
    {
        _database.Write(batch, new WriteOptions().SetSync(isDurable));
        return true;
    });

    /// <summary>Removes every block, so that the import starts again.</summary>
    public void RemoveAllBlocks()
    {
        byte[] afterAll = new byte[64];
        Array.Fill(afterAll, byte.MaxValue);
        using var batch = new WriteBatch();
        foreach (Table table in new Table[] { Headers, Txids, Locations, Outputs, Scripts, Aliases, Undo })
            batch.DeleteRange([], afterAll, table.Handle);
        State.PutTip(batch, IndexTip.Empty);
        State.DeleteImported(batch);
        Write(batch, isDurable: true);
    }

    public void Dispose() => _database.Dispose();

    private void RequireIdentity(IndexOptions options)
    {
        if (State.Schema == 0)
        {
            using var batch = new WriteBatch();
            State.PutIdentity(batch, Schema, options.Coin.Id, options.Coin.GenesisHash);
            State.PutPruningLimit(batch, options.PruningLimit);
            Write(batch, isDurable: true);
            return;
        }

        if (State.Schema != Schema)
        {
            throw new IndexMismatchException(
                $"The database {Path} has schema {State.Schema}, this version needs {Schema}; remove the folder to import again.");
        }

        if (State.Genesis != options.Coin.GenesisHash)
        {
            throw new IndexMismatchException(
                $"The database {Path} belongs to the coin {State.Coin} (genesis {State.Genesis}), the configuration asks for {options.Coin.Id};"
                + " set another path in [rocksdb] or the right coin in [server].");
        }

        RequirePruningLimit(options.PruningLimit);
    }

    private void RequirePruningLimit(int wanted)
    {
        int kept = State.PruningLimit;
        if (wanted == kept) return;
        bool isRaised = kept != 0 && (wanted == 0 || wanted > kept);
        if (isRaised && State.Tip.Height >= 0)
        {
            throw new IndexMismatchException(
                $"The database {Path} was made with pruning_limit = {kept} and has forgotten what {wanted} would keep;"
                + $" set pruning_limit = {kept} again, or remove the folder to import again.");
        }

        // The rows beyond a lowered limit are removed before the index counts as imported again.
        using var batch = new WriteBatch();
        State.PutPruningLimit(batch, wanted);
        if (State.Tip.Height >= 0) State.DeleteImported(batch);
        Write(batch, isDurable: true);
    }
}
