// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>
/// A cursor over one column family as it stood when the iterator was made. For one thread at a time. Every move throws
/// <see cref="RocksDbException"/> if it fails, so a scan that an error cuts short never looks like one that reached its end.
/// </summary>
public sealed unsafe partial class Iterator : IDisposable
{
    private readonly IteratorHandle _handle;
    private readonly int _prefixLength;
    private nint _pointer;
    private bool _valid;

    internal Iterator(IteratorHandle handle, ColumnFamilyHandle family)
    {
        _handle = handle;
        _prefixLength = handle.PrefixSameAsStart ? family.PrefixLength : 0;
        _pointer = handle.Pointer;
    }

    private nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == 0, this);
            return _pointer;
        }
    }

    /// <summary>Whether the iterator stands on a row. False means that no row is there, and that no error hides one.</summary>
    public bool Valid()
    {
        if (_valid) return true;
        CheckStatus();
        return false;
    }

    public Iterator SeekToFirst()
    {
        Native.rocksdb_iter_seek_to_first(Pointer);
        return Moved();
    }

    public Iterator SeekToLast()
    {
        Native.rocksdb_iter_seek_to_last(Pointer);
        return Moved();
    }

    /// <summary>Moves to the first row whose key is not below <paramref name="key"/>.</summary>
    public Iterator Seek(ReadOnlySpan<byte> key)
    {
        CheckSought(key);
        fixed (byte* start = key) Native.rocksdb_iter_seek(Pointer, start, (nuint)key.Length);
        return Moved();
    }

    /// <summary>Moves to the last row whose key is not above <paramref name="key"/>.</summary>
    public Iterator SeekForPrev(ReadOnlySpan<byte> key)
    {
        CheckSought(key);
        fixed (byte* start = key) Native.rocksdb_iter_seek_for_prev(Pointer, start, (nuint)key.Length);
        return Moved();
    }

    /// <exception cref="InvalidOperationException">The iterator does not stand on a row.</exception>
    public Iterator Next()
    {
        Native.rocksdb_iter_next(OnRow());
        return Moved();
    }

    /// <exception cref="InvalidOperationException">The iterator does not stand on a row.</exception>
    public Iterator Prev()
    {
        Native.rocksdb_iter_prev(OnRow());
        return Moved();
    }

    /// <summary>A copy of the row's key.</summary>
    public byte[] Key() => KeySpan.ToArray();

    /// <summary>A copy of the row's value.</summary>
    public byte[] Value() => ValueSpan.ToArray();

    public void Dispose()
    {
        _pointer = 0;
        _valid = false;
        _handle.Dispose();
    }

    // The library asserts this, and an assertion ends the process.
    private void CheckSought(ReadOnlySpan<byte> key)
    {
        if (key.Length < _prefixLength)
            throw new ArgumentException($"A scan by prefix starts at a key with the whole prefix of {_prefixLength} bytes.", nameof(key));
    }

    private Iterator Moved()
    {
        _valid = Native.rocksdb_iter_valid(_pointer) != 0;
        if (!_valid) CheckStatus();
        GC.KeepAlive(_handle);
        return this;
    }

    // The library asserts this, and an assertion ends the process.
    private nint OnRow()
    {
        nint pointer = Pointer;
        if (!_valid) throw new InvalidOperationException("The iterator does not stand on a row: seek first, and check Valid().");
        return pointer;
    }
}

/// <summary>An iterator with what it reads from: the database, its bounds in the read options, its snapshot.</summary>
internal sealed class IteratorHandle : DbChildHandle
{
    private readonly ReadOptionsHandle? _options;
    private readonly SnapshotHandle? _snapshot;

    internal IteratorHandle(nint pointer, DbHandle db, ReadOptionsHandle? options, SnapshotHandle? snapshot)
        : base(pointer, db)
    {
        options?.RetainForIterator();
        snapshot?.Retain();
        _options = options;
        _snapshot = snapshot;
    }

    internal bool PrefixSameAsStart => _options is { PrefixSameAsStart: true };

    protected override void Destroy()
    {
        Native.rocksdb_iter_destroy(handle);
        _options?.ReleaseForIterator();
        _snapshot?.Release();
    }
}
