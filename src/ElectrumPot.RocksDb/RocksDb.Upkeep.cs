// SPDX-License-Identifier: MIT

using System.Globalization;

namespace RocksDbSharp;

/// <summary>Ingestion, flush, compaction, copies, properties.</summary>
public sealed unsafe partial class RocksDb
{
    private const string FilesSize = "rocksdb.total-sst-files-size";

    public Checkpoint Checkpoint()
    {
        nint error = 0;
        using Scope scope = Enter(null);
        nint pointer = Native.rocksdb_checkpoint_object_create(scope.Db, &error);
        Native.ThrowOnError(error, Path);
        return new Checkpoint(new CheckpointHandle(pointer, _handle));
    }

    /// <summary>Takes files of <see cref="SstFileWriter"/> into a column family, all or none; their rows replace present ones.</summary>
    public void IngestExternalFiles(string[] files, IngestExternalFileOptions ingestOptions, ColumnFamilyHandle? cf = null)
    {
        using NativeStrings names = new(files);
        nint error = 0;
        using Scope scope = Enter(cf);
        fixed (nint* list = names.Pointers)
        {
            Native.rocksdb_ingest_external_file_cf(
                scope.Db, scope.Family, list, (nuint)files.Length, ingestOptions.Pointer, &error);
        }

        GC.KeepAlive(ingestOptions);
        Native.ThrowOnError(error);
    }

    /// <summary>Compacts the keys from start to limit; null or an empty key leaves that side open. Returns when done.</summary>
    /// <exception cref="RocksDbException">Compactions failed meanwhile.</exception>
    public void CompactRange(byte[]? start, byte[]? limit, ColumnFamilyHandle? cf = null)
    {
        if (start is { Length: > 0 } && limit is { Length: > 0 }) KeyRange.Check(start, limit);
        using Scope scope = Enter(cf);

        // The C interface drops the status of a compaction; its failures are counted, though.
        ulong before = BackgroundErrors(scope);
        fixed (byte* s = start, l = limit)
        {
            Native.rocksdb_compact_range_cf(
                scope.Db, scope.Family, s, (nuint)(start?.Length ?? 0), l, (nuint)(limit?.Length ?? 0));
        }

        if (BackgroundErrors(scope) > before) throw CompactionFailure(cf);
    }

    /// <summary>
    /// The reason is lost, and the unfinished files are gone already: whether there is room for as much again as what was to be
    /// compacted tells the most likely one.
    /// </summary>
    private RocksDbException CompactionFailure(ColumnFamilyHandle? family)
    {
        string? files = family is null ? GetProperty(FilesSize) : GetProperty(FilesSize, family);
        long needed = long.TryParse(files, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
        long free = new DriveInfo(Path).AvailableFreeSpace;
        const long Megabyte = 1_000_000;
        string guess = free < needed ? $", most likely because no space is left: make room, it takes up to {needed / Megabyte} MB and {free / Megabyte} MB are free" : "";
        return new RocksDbException(RocksDbErrorKind.IoError, $"a compaction failed{guess}");
    }

    /// <summary>Writes the default family's memtable to a file.</summary>
    public void Flush(FlushOptions flushOptions) => Flush(flushOptions, null);

    /// <exception cref="RocksDbException">The database is not a secondary one, or the writer's files cannot be read.</exception>
    public void TryCatchUpWithPrimary()
    {
        nint error = 0;
        using Scope scope = Enter(null);
        Native.rocksdb_try_catch_up_with_primary(scope.Db, &error);
        Native.ThrowOnError(error);
    }

    /// <summary>Changes options of the default family while the database is open, by their names in the library.</summary>
    public void SetOptions(IEnumerable<KeyValuePair<string, string>> options) => SetOptions(options, null);

    /// <summary>A property such as <c>rocksdb.stats</c>, or null where the library does not know it.</summary>
    public string? GetProperty(string propertyName)
    {
        using Scope scope = Enter(null);
        return Native.TakeString(Native.rocksdb_property_value(scope.Db, propertyName));
    }

    public string? GetProperty(string propertyName, ColumnFamilyHandle cf)
    {
        using Scope scope = Enter(cf);
        return Native.TakeString(Native.rocksdb_property_value_cf(scope.Db, scope.Family, propertyName));
    }

    public ulong GetLatestSequenceNumber()
    {
        using Scope scope = Enter(null);
        return Native.rocksdb_get_latest_sequence_number(scope.Db);
    }

    public void DisableFileDeletions()
    {
        nint error = 0;
        using Scope scope = Enter(null);
        Native.rocksdb_disable_file_deletions(scope.Db, &error);
        Native.ThrowOnError(error);
    }

    public void EnableFileDeletions()
    {
        nint error = 0;
        using Scope scope = Enter(null);
        Native.rocksdb_enable_file_deletions(scope.Db, 1, &error);
        Native.ThrowOnError(error);
    }

    private static ulong BackgroundErrors(Scope scope)
    {
        ulong count = 0;
        _ = Native.rocksdb_property_int(scope.Db, "rocksdb.background-errors", &count);
        return count;
    }
}
