// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;

namespace RocksDbSharp;

/// <summary>
/// An open database. Its methods may be called from any thread. Iterators, snapshots, batches and pinned values keep it open: after
/// <see cref="Dispose"/> it answers with <see cref="ObjectDisposedException"/>, and closes when the last of them is disposed.
/// </summary>
public sealed unsafe partial class RocksDb : IDisposable
{
    private readonly ConcurrentDictionary<string, ColumnFamilyHandle> _families = new(StringComparer.Ordinal);
    private readonly DbHandle _handle;
    private ColumnFamilyHandle _default = null!;
    private volatile bool _disposed;

    private RocksDb(DbHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>A copy of the value, or null where the key is absent.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        using PinnedValue value = GetPinned(key, cf, readOptions);
        return value.IsFound ? value.Span.ToArray() : null;
    }

    public bool HasKey(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        using PinnedValue value = GetPinned(key, cf, readOptions);
        return value.IsFound;
    }

    public void Put(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null)
    {
        WriteOptions options = writeOptions ?? WriteOptions.Default;
        nint error = 0;
        using (Scope scope = Enter(cf))
        {
            (cf ?? _default).CheckKey(key.Length);
            fixed (byte* k = key, v = value)
            {
                Native.rocksdb_put_cf(
                    scope.Db, options.Pointer, scope.Family, k, (nuint)key.Length, v, (nuint)value.Length, &error);
            }
        }

        GC.KeepAlive(options);
        Native.ThrowOnError(error);
    }

    public void Merge(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null)
    {
        WriteOptions options = writeOptions ?? WriteOptions.Default;
        nint error = 0;
        using (Scope scope = Enter(cf))
        {
            (cf ?? _default).CheckMerges();
            (cf ?? _default).CheckKey(key.Length);
            fixed (byte* k = key, v = value)
            {
                Native.rocksdb_merge_cf(
                    scope.Db, options.Pointer, scope.Family, k, (nuint)key.Length, v, (nuint)value.Length, &error);
            }
        }

        GC.KeepAlive(options);
        Native.ThrowOnError(error);
    }

    /// <summary>Removes the key; an absent one is no error.</summary>
    public void Remove(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, WriteOptions? writeOptions = null)
    {
        WriteOptions options = writeOptions ?? WriteOptions.Default;
        nint error = 0;
        using (Scope scope = Enter(cf))
        {
            (cf ?? _default).CheckKey(key.Length);
            fixed (byte* k = key) Native.rocksdb_delete_cf(scope.Db, options.Pointer, scope.Family, k, (nuint)key.Length, &error);
        }

        GC.KeepAlive(options);
        Native.ThrowOnError(error);
    }

    /// <summary>Applies the whole batch or, if it throws, nothing of it.</summary>
    public void Write(WriteBatch writeBatch, WriteOptions? writeOptions = null)
    {
        WriteOptions options = writeOptions ?? WriteOptions.Default;
        nint error = 0;
        using (Scope scope = Enter(null))
        {
            if (writeBatch.Db is not null && !ReferenceEquals(writeBatch.Db, _handle))
                throw new ArgumentException("The batch was made for the column families of another database.", nameof(writeBatch));
            if (writeBatch.Db is not null && writeBatch.Drops != _handle.Drops)
                throw new InvalidOperationException("A column family was dropped since the batch was begun: fill it anew.");
            _default.CheckKey(writeBatch.ShortestDefaultKey);
            if (writeBatch.MergesIntoDefault) _default.CheckMerges();
            Native.rocksdb_write(scope.Db, options.Pointer, writeBatch.Pointer, &error);
        }

        GC.KeepAlive(options);
        GC.KeepAlive(writeBatch);
        Native.ThrowOnError(error);
    }

    public Iterator NewIterator(ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        using ReadScope scope = Enter(cf, readOptions);
        nint pointer = Native.rocksdb_create_iterator_cf(scope.Db, scope.Options, scope.Family);
        return new Iterator(new IteratorHandle(pointer, _handle, scope.OptionsHandle, scope.Snapshot), Own(cf));
    }

    public Snapshot CreateSnapshot()
    {
        using Scope scope = Enter(null);
        return new Snapshot(new SnapshotHandle(Native.rocksdb_create_snapshot(scope.Db), _handle));
    }

    /// <exception cref="KeyNotFoundException">The database was not opened with a family of that name.</exception>
    public ColumnFamilyHandle GetColumnFamily(string name) =>
        TryGetColumnFamily(name, out ColumnFamilyHandle? handle)
            ? handle!
            : throw new KeyNotFoundException($"The database {Path} was not opened with a column family '{name}'.");

    public bool TryGetColumnFamily(string name, out ColumnFamilyHandle? handle)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _families.TryGetValue(name, out handle);
    }

    public ColumnFamilyHandle GetDefaultColumnFamily() => _default;

    public ColumnFamilyHandle CreateColumnFamily(ColumnFamilyOptions cfOptions, string name)
    {
        nint error = 0;
        using Scope scope = Enter(null);
        nint family = Native.rocksdb_create_column_family(scope.Db, cfOptions.Pointer, name, &error);
        GC.KeepAlive(cfOptions);
        Native.ThrowOnError(error, Path);
        return AddFamily(name, family, cfOptions);
    }

    /// <summary>Deletes a family. No write may be under way: the library takes a write to a dropped family for damage.</summary>
    public void DropColumnFamily(string name)
    {
        ColumnFamilyHandle family = GetColumnFamily(name);
        nint error = 0;
        using Scope scope = Enter(family);
        Native.rocksdb_drop_column_family(scope.Db, scope.Family, &error);
        Native.ThrowOnError(error, Path);
        family.IsDropped = true;
        _handle.Drops++;
        _families.TryRemove(name, out _);
    }

    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }

    private ColumnFamilyHandle AddFamily(string name, nint pointer, OptionsHandle options)
    {
        _handle.Add(pointer);
        ColumnFamilyHandle family = new(name, pointer, _handle, options);
        _families[name] = family;
        if (name == ColumnFamilies.DefaultName) _default = family;
        return family;
    }
}
