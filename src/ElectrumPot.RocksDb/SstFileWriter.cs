// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>
/// Writes a table file outside a database, for <see cref="RocksDb.IngestExternalFiles"/>: the fastest way to bring in many sorted
/// rows. Keys are added in strictly ascending order. For one thread at a time.
/// </summary>
public sealed unsafe partial class SstFileWriter : IDisposable
{
    private readonly NativeHandle _handle;
    private readonly bool _merges;
    private readonly int _prefixLength;
    private nint _pointer;

    /// <param name="envOptions">Options of file access.</param>
    /// <param name="ioOptions">Options of the family that will take the file: compression, table format and filter.</param>
    public SstFileWriter(EnvOptions? envOptions = null, ColumnFamilyOptions? ioOptions = null)
    {
        envOptions ??= new EnvOptions();
        ioOptions ??= new ColumnFamilyOptions();
        _merges = ioOptions.Merges;
        _prefixLength = ioOptions.PrefixLength;
        _pointer = Native.rocksdb_sstfilewriter_create(envOptions.Pointer, ioOptions.Pointer);
        _handle = new NativeHandle(_pointer, &Native.rocksdb_sstfilewriter_destroy);
        GC.KeepAlive(envOptions);
        GC.KeepAlive(ioOptions);
    }

    private nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == 0, this);
            return _pointer;
        }
    }

    /// <summary>Starts the file, replacing one of that name.</summary>
    public void Open(string filename)
    {
        nint error = 0;
        Native.rocksdb_sstfilewriter_open(Pointer, filename, &error);
        Check(error);
    }

    /// <exception cref="RocksDbException">The key is not above the one before, or the disk failed.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> val)
    {
        CheckKey(key);
        nint error = 0;
        fixed (byte* k = key, v = val)
            Native.rocksdb_sstfilewriter_put(Pointer, k, (nuint)key.Length, v, (nuint)val.Length, &error);
        Check(error);
    }

    /// <summary>The older name of <see cref="Put"/>.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> val) => Put(key, val);

    public void Merge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> val)
    {
        if (!_merges) throw new InvalidOperationException("The writer's options have no merge operator.");
        CheckKey(key);
        nint error = 0;
        fixed (byte* k = key, v = val)
            Native.rocksdb_sstfilewriter_merge(Pointer, k, (nuint)key.Length, v, (nuint)val.Length, &error);
        Check(error);
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        CheckKey(key);
        nint error = 0;
        fixed (byte* k = key) Native.rocksdb_sstfilewriter_delete(Pointer, k, (nuint)key.Length, &error);
        Check(error);
    }

    /// <summary>Deletes the keys from <paramref name="startKey"/> up to, but without, <paramref name="endKey"/>.</summary>
    public void DeleteRange(ReadOnlySpan<byte> startKey, ReadOnlySpan<byte> endKey)
    {
        KeyRange.Check(startKey, endKey);
        nint error = 0;
        fixed (byte* s = startKey, e = endKey)
            Native.rocksdb_sstfilewriter_delete_range(Pointer, s, (nuint)startKey.Length, e, (nuint)endKey.Length, &error);
        Check(error);
    }

    /// <summary>Completes the file.</summary>
    /// <exception cref="RocksDbException">The file has no rows, or the disk failed.</exception>
    public void Finish()
    {
        nint error = 0;
        Native.rocksdb_sstfilewriter_finish(Pointer, &error);
        Check(error);
    }

    public void Dispose()
    {
        _pointer = 0;
        _handle.Dispose();
    }

    private void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < _prefixLength) ColumnFamilyHandle.ThrowShortKey("of the writer", key.Length, _prefixLength);
    }

    private void Check(nint error)
    {
        GC.KeepAlive(this);
        Native.ThrowOnError(error);
    }
}

internal static class KeyRange
{
    // The library accepts a reversed range into its log and only then fails, so the check belongs before the call.
    internal static void Check(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        if (start.SequenceCompareTo(end) > 0) throw new ArgumentException("The range's start is above its end.", nameof(start));
    }
}
