// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>
/// How a read or a scan is done. Bounds are copied, so the caller's buffers are free again at once. Disposing frees them early; an
/// iterator made with these options keeps them until it is disposed itself.
/// </summary>
public sealed unsafe partial class ReadOptions : IDisposable
{
    private static readonly ReadOptions Default = new();

    private readonly ReadOptionsHandle _handle = new();
    private Snapshot? _snapshot;
    private volatile bool _disposed;

    // Never disposed, so nobody needs to retain it: readers on many threads do not contend for its count.
    internal static nint DefaultPointer => Default._handle.Pointer;

    private nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle.Pointer;
        }
    }

    private ReadOptions This
    {
        get
        {
            // Read by every setter after its native call: keeps the native object alive across it.
            GC.KeepAlive(this);
            return this;
        }
    }

    /// <summary>Reads the database as it stood when the snapshot was taken. Null reads the present.</summary>
    public ReadOptions SetSnapshot(Snapshot? snapshot)
    {
        Native.rocksdb_readoptions_set_snapshot(Pointer, snapshot is null ? 0 : snapshot.Handle.Pointer);
        _snapshot = snapshot;
        return This;
    }

    /// <summary>False keeps a large scan from driving everything else out of the block cache.</summary>
    public ReadOptions SetFillCache(bool value)
    {
        Native.rocksdb_readoptions_set_fill_cache(Pointer, Native.Flag(value));
        return This;
    }

    public ReadOptions SetVerifyChecksums(bool value)
    {
        Native.rocksdb_readoptions_set_verify_checksums(Pointer, Native.Flag(value));
        return This;
    }

    /// <summary>Keys below the bound do not exist for the iterator.</summary>
    /// <exception cref="InvalidOperationException">An iterator still uses the present bound.</exception>
    public ReadOptions SetIterateLowerBound(ReadOnlySpan<byte> key)
    {
        byte* bound = _handle.SetLower(Pointer, key);
        Native.rocksdb_readoptions_set_iterate_lower_bound(Pointer, bound, (nuint)key.Length);
        return This;
    }

    /// <summary>The bound and the keys above it do not exist for the iterator.</summary>
    /// <exception cref="InvalidOperationException">An iterator still uses the present bound.</exception>
    /// <exception cref="ArgumentException">The bound is empty and would hide every key.</exception>
    public ReadOptions SetIterateUpperBound(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty) throw new ArgumentException("An empty upper bound hides every key: leave it unset.", nameof(key));
        byte* bound = _handle.SetUpper(Pointer, key);
        Native.rocksdb_readoptions_set_iterate_upper_bound(Pointer, bound, (nuint)key.Length);
        return This;
    }

    /// <summary>Ends the scan with the prefix it was sought by. Needs a prefix extractor.</summary>
    public ReadOptions SetPrefixSameAsStart(bool prefixSameAsStart)
    {
        Native.rocksdb_readoptions_set_prefix_same_as_start(Pointer, Native.Flag(prefixSameAsStart));
        _handle.PrefixSameAsStart = prefixSameAsStart;
        return This;
    }

    /// <summary>Lets a scan cross prefixes where the column family has a prefix extractor.</summary>
    public ReadOptions SetTotalOrderSeek(bool enable)
    {
        Native.rocksdb_readoptions_set_total_order_seek(Pointer, Native.Flag(enable));
        return This;
    }

    public ReadOptions SetReadaheadSize(ulong size)
    {
        Native.rocksdb_readoptions_set_readahead_size(Pointer, (nuint)size);
        return This;
    }

    public ReadOptions SetTailing(bool value)
    {
        Native.rocksdb_readoptions_set_tailing(Pointer, Native.Flag(value));
        return This;
    }

    public ReadOptions SetPinData(bool enable)
    {
        Native.rocksdb_readoptions_set_pin_data(Pointer, Native.Flag(enable));
        return This;
    }

    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }

    internal ReadOptionsHandle Retain(out SnapshotHandle? snapshot)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        snapshot = _snapshot?.Retain();
        try
        {
            _handle.Retain();
        }
        catch
        {
            snapshot?.Release();
            throw;
        }

        return _handle;
    }
}

/// <summary>Native read options and the copies of their bounds, which the library reads in place.</summary>
internal sealed unsafe class ReadOptionsHandle : OwnedHandle
{
    private byte* _lower;
    private byte* _upper;
    private int _iterators;

    internal ReadOptionsHandle()
        : base(Native.rocksdb_readoptions_create())
    {
    }

    internal bool PrefixSameAsStart { get; set; }

    internal byte* SetLower(nint pointer, ReadOnlySpan<byte> key)
    {
        CheckUnused();
        Native.rocksdb_readoptions_set_iterate_lower_bound(pointer, null, 0);
        return Replace(ref _lower, key);
    }

    internal byte* SetUpper(nint pointer, ReadOnlySpan<byte> key)
    {
        CheckUnused();
        Native.rocksdb_readoptions_set_iterate_upper_bound(pointer, null, 0);
        return Replace(ref _upper, key);
    }

    internal void RetainForIterator()
    {
        Retain();
        Interlocked.Increment(ref _iterators);
    }

    internal void ReleaseForIterator()
    {
        Interlocked.Decrement(ref _iterators);
        Release();
    }

    protected override bool ReleaseHandle()
    {
        Native.rocksdb_readoptions_destroy(handle);
        NativeMemory.Free(_lower);
        NativeMemory.Free(_upper);
        return true;
    }

    private static byte* Replace(ref byte* bound, ReadOnlySpan<byte> key)
    {
        NativeMemory.Free(bound);
        bound = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, key.Length));
        key.CopyTo(new Span<byte>(bound, key.Length));
        return bound;
    }

    private void CheckUnused()
    {
        if (Volatile.Read(ref _iterators) != 0)
            throw new InvalidOperationException("An open iterator uses these read options: bounds cannot change under it.");
    }
}
