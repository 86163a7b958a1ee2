// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>
/// Changes that <see cref="RocksDb.Write"/> applies all or not at all, over any of the column families of one database. For one
/// thread at a time. Sorting the rows by key before they are added makes the write about twice as fast.
/// </summary>
public sealed unsafe partial class WriteBatch : IDisposable
{
    private readonly WriteBatchHandle _handle;
    private nint _pointer;

    public WriteBatch()
        : this(Native.rocksdb_writebatch_create())
    {
    }

    private WriteBatch(nint pointer)
    {
        _handle = new WriteBatchHandle(pointer);
        _pointer = pointer;
    }

    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == 0, this);
            return _pointer;
        }
    }

    /// <summary>The database whose column families the batch names, or null while it names none.</summary>
    internal DbHandle? Db => _handle.Db;

    internal int Drops => _handle.Drops;

    /// <summary>Least key length among the rows without a named family, which only the writing database can judge.</summary>
    internal int ShortestDefaultKey { get; private set; } = int.MaxValue;

    internal bool MergesIntoDefault { get; private set; }

    public int Count()
    {
        int count = Native.rocksdb_writebatch_count(Pointer);
        GC.KeepAlive(this);
        return count;
    }

    public WriteBatch Clear()
    {
        Native.rocksdb_writebatch_clear(Pointer);
        _handle.Unpin();
        MergesIntoDefault = false;
        ShortestDefaultKey = int.MaxValue;
        return this;
    }

    public WriteBatch Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? cf = null)
    {
        nint batch = Pointer;
        fixed (byte* k = key, v = value)
        {
            if (cf is null) Native.rocksdb_writebatch_put(Default(key.Length), k, (nuint)key.Length, v, (nuint)value.Length);
            else Native.rocksdb_writebatch_put_cf(batch, _handle.Pin(cf, key.Length), k, (nuint)key.Length, v, (nuint)value.Length);
        }

        GC.KeepAlive(this);
        return this;
    }

    public WriteBatch Merge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle? cf = null)
    {
        nint batch = Pointer;
        cf?.CheckMerges();
        fixed (byte* k = key, v = value)
        {
            if (cf is null) Native.rocksdb_writebatch_merge(Default(key.Length), k, (nuint)key.Length, v, (nuint)value.Length);
            else Native.rocksdb_writebatch_merge_cf(batch, _handle.Pin(cf, key.Length), k, (nuint)key.Length, v, (nuint)value.Length);
        }

        MergesIntoDefault |= cf is null;
        GC.KeepAlive(this);
        return this;
    }

    public WriteBatch Delete(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null)
    {
        nint batch = Pointer;
        fixed (byte* k = key)
        {
            if (cf is null) Native.rocksdb_writebatch_delete(Default(key.Length), k, (nuint)key.Length);
            else Native.rocksdb_writebatch_delete_cf(batch, _handle.Pin(cf, key.Length), k, (nuint)key.Length);
        }

        GC.KeepAlive(this);
        return this;
    }

    /// <summary>Marks a state that <see cref="RollbackToSavePoint"/> returns to.</summary>
    public void SetSavePoint()
    {
        Native.rocksdb_writebatch_set_save_point(Pointer);
        GC.KeepAlive(this);
    }

    /// <exception cref="RocksDbException">There is no save point.</exception>
    public void RollbackToSavePoint()
    {
        nint error = 0;
        Native.rocksdb_writebatch_rollback_to_save_point(Pointer, &error);
        GC.KeepAlive(this);
        Native.ThrowOnError(error);
    }

    public void Dispose()
    {
        _pointer = 0;
        _handle.Dispose();
    }

    private nint Default(int keyLength)
    {
        ShortestDefaultKey = Math.Min(ShortestDefaultKey, keyLength);
        return _pointer;
    }
}

/// <summary>A batch reads the column family handles it is given, so it keeps their database open.</summary>
internal sealed class WriteBatchHandle : OwnedHandle
{
    internal WriteBatchHandle(nint pointer)
        : base(pointer)
    {
    }

    internal DbHandle? Db { get; private set; }

    internal int Drops { get; private set; }

    internal nint Pin(ColumnFamilyHandle cf, int keyLength)
    {
        if (!ReferenceEquals(cf.Db, Db))
        {
            if (Db is not null) throw new ArgumentException("A batch holds the column families of one database only.", nameof(cf));
            cf.Db.Retain();
            Db = cf.Db;
            Drops = Db.Drops;
        }

        cf.CheckPresent();
        cf.CheckKey(keyLength);

        return cf.Pointer;
    }

    internal void Unpin()
    {
        Db?.Release();
        Db = null;
    }

    protected override bool ReleaseHandle()
    {
        Native.rocksdb_writebatch_destroy(handle);
        Unpin();
        return true;
    }
}
