// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>
/// A commit of the import: sorted table files, made beside the database and linked into it. That is several times as fast
/// as a batch and writes no log, but RocksDB takes the files of one table at a time. So the files are a journal: once
/// all are on the disk the state says that they are to be taken, and after a kill the next start takes those that are
/// left. Taking a file twice does no harm, since nothing else is written in between.
/// </summary>
internal sealed class StagedCommit(IndexStore store)
{
    private const string FolderName = "staging";
    private const string Extension = ".sst";
    private const string RemovedExtension = ".removed" + Extension;

    private readonly string _folder = FolderOf(store);

    /// <summary>Writes the rows and the tip. Returns when both are on the disk.</summary>
    public void Write(RowSet rows, IndexTip tip) => StorageErrors.Translate(store.Path, () =>
    {
        Clear(_folder);
        Directory.CreateDirectory(_folder);
        Parallel.ForEach(rows.Filled, buffer =>
        {
            buffer.Rows.Sort();
            string file = Path.Combine(_folder, buffer.Table.FamilyName);
            // Rows at the end of a table would be dragged into its middle by what is removed there.
            if (buffer.Rows.Deletes < buffer.Rows.Count)
                WriteFile(buffer.Table, buffer.Rows, file + Extension, deletes: false);
            if (buffer.Rows.Deletes > 0)
                WriteFile(buffer.Table, buffer.Rows, file + RemovedExtension, deletes: true);
        });
        DurableFiles.SyncFolder(_folder);
        DurableFiles.SyncFolder(store.Path);
        using (var batch = new WriteBatch())
        {
            store.State.PutStagedTip(batch, tip);
            store.Write(batch, isDurable: true);
        }

        Take(store, _folder, tip, isInterrupted: false);
        return true;
    });

    /// <summary>Completes what a kill has interrupted, at the start.</summary>
    public static void Recover(IndexStore store)
    {
        string folder = FolderOf(store);
        if (store.State.StagedTip is { } tip)
            Take(store, folder, tip, isInterrupted: true);
        else
            Clear(folder);
    }

    private static string FolderOf(IndexStore store) => Path.Combine(store.Path, FolderName);

    private static void WriteFile(Table table, RowBuffer rows, string path, bool deletes)
    {
        using var file = new SstFileWriter(ioOptions: StoreTuning.FilesOf(table.FamilyName));
        file.Open(path);
        rows.WriteTo(file, deletes);
        file.Finish();
    }

    private static void Take(IndexStore store, string folder, IndexTip tip, bool isInterrupted)
    {
        IngestExternalFileOptions options = new IngestExternalFileOptions().SetMoveFiles(true);
        if (Directory.Exists(folder))
        {
            foreach (Table table in store.BlockTables)
            {
                string file = Path.Combine(folder, table.FamilyName);
                string[] present = [.. new[] { file + Extension, file + RemovedExtension }.Where(File.Exists)];
                foreach (string path in present)
                    store.Ingest([isInterrupted ? TableFile.CopyPristine(path) : path], options, table);
            }
        }

        using var batch = new WriteBatch();
        store.State.PutTip(batch, tip);
        store.State.DeleteStagedTip(batch);
        store.Write(batch, isDurable: true);
        Clear(folder);
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
