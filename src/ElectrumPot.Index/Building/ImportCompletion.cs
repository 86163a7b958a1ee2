// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>
/// Ends the import: merges the spends that it has gathered with the unspent outputs into the table of the scripts, in
/// one pass and in order, without what the pruning limit leaves out. Until then that table is empty, so that every row
/// of it is written once.
/// </summary>
internal sealed class ImportCompletion(IndexStore store, IndexOptions options, IProgress<WorkProgress>? progress)
{
    // What an unspent row costs while it is sorted.
    private const int UnspentCost = 56;
    private const long MinReadAhead = 16 << 10;
    private const long MaxReadAhead = 256 << 10;

    private readonly byte[] _key = new byte[ScriptTable.KeySize];
    private long _done;
    private long _total;

    /// <param name="finalHeight">Spends up to here are certain and count towards the limit.</param>
    public void Run(int finalHeight, CancellationToken cancellation)
    {
        string folder = Path.Combine(store.Path, "completion");
        using var read = new ReadOptions();
        // Each commit has left a file, and a walk over the table reads ahead in all of them.
        long readAhead = options.ImportBufferBytes / Math.Max(1, store.CountFiles(store.Spends));
        read.SetFillCache(false).SetReadaheadSize((ulong)Math.Clamp(readAhead, MinReadAhead, MaxReadAhead));
        ClearScripts(read);
        using (var files = new SortedTableFiles(folder, StoreTuning.FilesOf(ScriptTable.Name)))
        {
            long[] histogram = CountByScript(read, cancellation);
            _total = histogram.Sum() + (long)store.CountRows(store.Spends);
            using Iterator spends = store.Spends.NewIterator(read);
            spends.SeekToFirst();
            var group = new SpendGroup(store.Spends, read, options.PruningLimit, finalHeight);
            foreach ((int first, int last) in Partition(histogram))
                Merge(spends, group, CollectUnspent(first, last, read, cancellation), last, files, cancellation);
            if (files.Finish() is { Length: > 0 } made)
                store.Ingest(made, new IngestExternalFileOptions().SetMoveFiles(true), store.Scripts);
        }

        // Removed outputs have left their traces there; the other tables are in their final form.
        store.Compact(store.Outputs);
        store.Compact(store.Locations);
        using (var batch = new WriteBatch())
        {
            store.State.PutImported(batch);
            store.Write(batch, isDurable: true);
        }

        store.EndImport();
    }

    /// <summary>An earlier attempt may have got that far; blocks may have come since.</summary>
    private void ClearScripts(ReadOptions read)
    {
        if (store.Scripts.IsEmpty(read)) return;
        using var batch = new WriteBatch();
        IndexStore.Clear(batch, store.Scripts);
        store.Write(batch, isDurable: false);
    }

    /// <summary>Unspent outputs by the first two bytes of their script.</summary>
    private long[] CountByScript(ReadOptions read, CancellationToken cancellation)
    {
        long[] counts = new long[1 << 16];
        using Iterator outputs = store.Outputs.NewIterator(read);
        for (outputs.SeekToFirst(); outputs.Valid(); outputs.Next())
        {
            if ((++_done & 0xffff) == 0) cancellation.ThrowIfCancellationRequested();
            counts[OutputTable.ScriptPrefixOf(outputs.ValueSpan)]++;
        }

        _done = 0;
        return counts;
    }

    /// <summary>Ranges of such prefixes whose outputs fit into the memory for rows.</summary>
    private IEnumerable<(int First, int Last)> Partition(long[] histogram)
    {
        long limit = Math.Max(1, options.ImportBufferBytes / UnspentCost);
        int first = 0;
        long count = 0;
        for (int prefix = 0; prefix < histogram.Length; prefix++)
        {
            if (count > 0 && count + histogram[prefix] > limit)
            {
                yield return (first, prefix - 1);
                (first, count) = (prefix, 0);
            }

            count += histogram[prefix];
        }

        yield return (first, histogram.Length - 1);
    }

    private RowBuffer CollectUnspent(int firstPrefix, int lastPrefix, ReadOptions read, CancellationToken cancellation)
    {
        var rows = new RowBuffer();
        using Iterator outputs = store.Outputs.NewIterator(read);
        long seen = 0;
        for (outputs.SeekToFirst(); outputs.Valid(); outputs.Next())
        {
            if ((++seen & 0xffff) == 0) cancellation.ThrowIfCancellationRequested();
            int prefix = OutputTable.ScriptPrefixOf(outputs.ValueSpan);
            if (prefix < firstPrefix || prefix > lastPrefix) continue;
            (OutputLocation output, OutputValue value) = OutputTable.Read(outputs.KeySpan, outputs.ValueSpan);
            ScriptTable.PutUnspent(rows, value.Script, output, value.Value);
        }

        rows.Sort();
        return rows;
    }

    /// <summary>Writes the rows of all scripts of one partition.</summary>
    private void Merge(Iterator spends, SpendGroup group, RowBuffer unspent, int lastPrefix, SortedTableFiles files, CancellationToken cancellation)
    {
        int next = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            bool hasSpends = spends.Valid() && ScriptTable.PrefixOf(spends.KeySpan) <= lastPrefix;
            if (!hasSpends && next == unspent.Count) return;
            HashX? spentScript = hasSpends ? ScriptTable.ScriptOf(spends.KeySpan) : null;
            HashX? unspentScript = next < unspent.Count ? ScriptTable.ScriptOf(unspent.KeyAt(next)) : null;
            HashX script = spentScript is { } spent && (unspentScript is not { } other || spent.CompareTo(other) <= 0) ? spent : unspentScript!.Value;
            if (script == spentScript)
                Count(group.MoveTo(spends, script, files));
            int first = next;
            for (; next < unspent.Count && ScriptTable.ScriptOf(unspent.KeyAt(next)) == script; next++)
            {
                unspent.KeyAt(next).CopyTo(_key);
                files.Put(_key, unspent.ValueAt(next));
            }

            Count(next - first);
        }
    }

    private void Count(long rows)
    {
        const int Step = 1 << 14;
        long before = _done;
        _done += rows;
        if (before / Step != _done / Step)
            progress?.Report(new WorkProgress(Math.Min(_done, _total), _total));
    }
}
