// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

// Everything in the RocksDbExtras files has no counterpart in the RocksDbSharp package; a move to the package rewrites these files only.

/// <summary>Facts about the loaded library.</summary>
public static class RocksDbLibrary
{
    /// <summary>The file the library was loaded from, links resolved; empty where the system does not tell.</summary>
    public static string Path => LibraryLoader.FindPath() ?? "";

    /// <summary>The version, such as 7.8.3, read from the file's name since the library has no call for it; otherwise "unknown".</summary>
    public static string Version
    {
        get
        {
            string name = System.IO.Path.GetFileName(Path);
            int suffix = name.IndexOf(".so.", StringComparison.Ordinal);
            return suffix < 0 ? "unknown" : name[(suffix + 4)..];
        }
    }
}

public sealed unsafe partial class Iterator
{
    /// <summary>The row's key, valid until the iterator moves or is disposed.</summary>
    public ReadOnlySpan<byte> KeySpan
    {
        get
        {
            nuint length;
            byte* key = Native.rocksdb_iter_key(OnRow(), &length);
            return new ReadOnlySpan<byte>(key, checked((int)length));
        }
    }

    /// <summary>The row's value, valid until the iterator moves or is disposed.</summary>
    public ReadOnlySpan<byte> ValueSpan
    {
        get
        {
            nuint length;
            byte* value = Native.rocksdb_iter_value(OnRow(), &length);
            return new ReadOnlySpan<byte>(value, checked((int)length));
        }
    }

    /// <exception cref="RocksDbException">The last move failed.</exception>
    public void CheckStatus()
    {
        nint error = 0;
        Native.rocksdb_iter_get_error(Pointer, &error);
        GC.KeepAlive(_handle);
        Native.ThrowOnError(error);
    }
}

public sealed unsafe partial class WriteBatch
{
    /// <summary>Bytes of the batch as it will go to the log.</summary>
    public long DataSize
    {
        get
        {
            nuint size;
            _ = Native.rocksdb_writebatch_data(Pointer, &size);
            GC.KeepAlive(this);
            return (long)size;
        }
    }

    /// <summary>Deletes the keys from <paramref name="startKey"/> up to, but without, <paramref name="endKey"/>.</summary>
    public WriteBatch DeleteRange(ReadOnlySpan<byte> startKey, ReadOnlySpan<byte> endKey, ColumnFamilyHandle? cf = null)
    {
        KeyRange.Check(startKey, endKey);
        nint batch = Pointer;
        fixed (byte* s = startKey, e = endKey)
        {
            nuint startLength = (nuint)startKey.Length;
            nuint endLength = (nuint)endKey.Length;
            if (cf is null) Native.rocksdb_writebatch_delete_range(batch, s, startLength, e, endLength);
            else Native.rocksdb_writebatch_delete_range_cf(batch, _handle.Pin(cf, int.MaxValue), s, startLength, e, endLength);
        }

        GC.KeepAlive(this);
        return this;
    }

    /// <summary>Deletes a key that was put exactly once since it was last deleted; wrong for any other key.</summary>
    public WriteBatch SingleDelete(ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null)
    {
        nint batch = Pointer;
        fixed (byte* k = key)
        {
            if (cf is null) Native.rocksdb_writebatch_singledelete(Default(key.Length), k, (nuint)key.Length);
            else Native.rocksdb_writebatch_singledelete_cf(batch, _handle.Pin(cf, key.Length), k, (nuint)key.Length);
        }

        GC.KeepAlive(this);
        return this;
    }
}

public sealed partial class ReadOptions
{
    /// <summary>Sets both bounds so that an iterator sees exactly the keys that begin with a prefix.</summary>
    public ReadOptions SetIteratePrefix(ReadOnlySpan<byte> prefix)
    {
        SetIterateLowerBound(prefix);
        int last = prefix.LastIndexOfAnyExcept((byte)0xff);
        if (last < 0) return ClearIterateUpperBound();
        byte[] next = prefix[..(last + 1)].ToArray();
        next[last]++;
        return SetIterateUpperBound(next);
    }

    public unsafe ReadOptions ClearIterateUpperBound()
    {
        _handle.SetUpper(Pointer, default);
        Native.rocksdb_readoptions_set_iterate_upper_bound(Pointer, null, 0);
        return This;
    }
}

public sealed partial class BloomFilterPolicy
{
    /// <summary>A Ribbon filter: as right as a Bloom filter of so many bits per key in a third less memory, slower to build.</summary>
    public static BloomFilterPolicy CreateRibbon(double bloomEquivalentBitsPerKey) =>
        new(() => Native.rocksdb_filterpolicy_create_ribbon(bloomEquivalentBitsPerKey));

    /// <summary>Bloom filters above a level, Ribbon filters from it down, where the data is and files live long.</summary>
    public static BloomFilterPolicy CreateRibbonHybrid(double bloomEquivalentBitsPerKey, int bloomBeforeLevel) =>
        new(() => Native.rocksdb_filterpolicy_create_ribbon_hybrid(bloomEquivalentBitsPerKey, bloomBeforeLevel));
}

/// <summary>Filter policies under the name that says what they are.</summary>
public static class FilterPolicy
{
    /// <inheritdoc cref="BloomFilterPolicy.CreateRibbonHybrid"/>
    public static BloomFilterPolicy CreateRibbonHybrid(double bloomEquivalentBitsPerKey = 10, int bloomBeforeLevel = 1) =>
        BloomFilterPolicy.CreateRibbonHybrid(bloomEquivalentBitsPerKey, bloomBeforeLevel);
}

public sealed unsafe partial class SstFileWriter
{
    /// <summary>Bytes written so far; the whole size once finished.</summary>
    public ulong FileSize()
    {
        ulong size = 0;
        Native.rocksdb_sstfilewriter_file_size(Pointer, &size);
        GC.KeepAlive(this);
        return size;
    }
}
