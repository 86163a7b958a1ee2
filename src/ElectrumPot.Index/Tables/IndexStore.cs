// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Building;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>The opened database and its tables. Knows nothing of blocks; whoever writes is the only writer.</summary>
internal sealed partial class IndexStore : IDisposable
{
    /// <summary>Raise it with every change of a key or value, and say in the changelog what a user has to do.</summary>
    public const int Schema = 4;

    private readonly RocksDb _database;
    private readonly Cache _cache;

    private IndexStore(RocksDb database, Cache cache, string path)
    {
        _database = database;
        _cache = cache;
        Path = path;
        State = new StateTable(database);
        Headers = new HeaderTable(database);
        Txids = new TxidTable(database);
        Locations = new LocationTable(database);
        Outputs = new OutputTable(database);
        Scripts = new ScriptTable(database, ScriptTable.Name);
        Spends = new ScriptTable(database, ScriptTable.ImportName);
        Aliases = new AliasTable(database);
        Undo = new UndoTable(database);
        Blocks = new BlockTable(database);
        Transactions = new TransactionTable(database);
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

    public BlockTable Blocks { get; }

    public TransactionTable Transactions { get; }

    /// <summary>
    /// The spends while the first import lasts. They become rows of <see cref="Scripts"/> when it ends; before, nobody asks
    /// for them, so that they need not be kept in order of the whole.
    /// </summary>
    public ScriptTable Spends { get; }

    /// <summary>All tables but the state.</summary>
    public IReadOnlyList<Table> BlockTables => [Headers, Txids, Locations, Outputs, Scripts, Spends, Aliases, Undo, Blocks, Transactions];

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
            var store = new IndexStore(database, cache, options.Path);
            try
            {
                // First of all: what is said and changed by the options is about the database with that commit.
                if (store.State.Schema == Schema)
                    StagedCommit.Recover(store);
                store.RequireIdentity(options);
                if (store.State.IsImported)
                    store.EndImport();
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

    /// <summary>Takes table files into a table.</summary>
    public void Ingest(string[] files, IngestExternalFileOptions options, Table table) => StorageErrors.Translate(Path, () =>
    {
        _database.IngestExternalFiles(files, options, table.Handle);
        return true;
    });

    /// <summary>Files of a table that no compaction has touched.</summary>
    public int CountFiles(Table table) =>
        int.TryParse(_database.GetProperty("rocksdb.num-files-at-level0", table.Handle), System.Globalization.CultureInfo.InvariantCulture, out int files) ? files : 0;

    /// <summary>About as many rows as a table has.</summary>
    public ulong CountRows(Table table) => _database.GetIntProperty("rocksdb.estimate-num-keys", table.Handle) ?? 0;

    /// <summary>Brings a table into its smallest form.</summary>
    public void Compact(Table table) => StorageErrors.Translate(Path, () =>
    {
        _database.CompactRange(null, null, table.Handle);
        return true;
    });

    /// <summary>Frees what only the import needs.</summary>
    public void EndImport() => StorageErrors.Translate(Path, () =>
    {
        using var read = new ReadOptions();
        if (!Spends.IsEmpty(read))
            Spends.Renew(StoreTuning.ImportTable(_cache));
        return true;
    });

    /// <summary>Removes every row of a table.</summary>
    public static void Clear(WriteBatch batch, Table table)
    {
        byte[] afterAll = new byte[64];
        Array.Fill(afterAll, byte.MaxValue);
        batch.DeleteRange([], afterAll, table.Handle);
    }

    /// <summary>Removes every block, so that the import starts again.</summary>
    public void RemoveAllBlocks()
    {
        using var batch = new WriteBatch();
        foreach (Table table in BlockTables)
            Clear(batch, table);
        State.PutTip(batch, IndexTip.Empty);
        State.DeleteImported(batch);
        Write(batch, isDurable: true);
    }

    public void Dispose() => _database.Dispose();

    private void RequireIdentity(IndexOptions options)
    {
        StoreIdentity identity = StoreIdentity.Of(Path, State);
        if (identity.FindMismatch(options) is { } mismatch) throw mismatch;
        using var batch = new WriteBatch();
        if (identity.IsNew || identity.IsTakenOver)
            State.PutIdentity(batch, Schema, identity.IsNew ? options.Coin.Id : identity.Coin, options.Coin.GenesisHash);
        if (identity.IsNew || identity.PruningLimit != options.PruningLimit)
            State.PutPruningLimit(batch, options.PruningLimit);
        // Readers keep to a lowered limit at once; the rows beyond it are removed when there is time.
        if (identity.IsImported && identity.PruningLimit != options.PruningLimit)
            State.PutPruningDue(batch);
        if (identity.StoresTransactions != options.StoreTransactions)
        {
            Clear(batch, Transactions);
            State.PutStoresTransactions(batch, options.StoreTransactions);
        }

        if (batch.Count() > 0) Write(batch, isDurable: true);
    }
}
