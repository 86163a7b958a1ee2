// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>A cache of uncompressed blocks, shared by whatever table options name it. Sizes are bytes.</summary>
public sealed unsafe class Cache
{
    private readonly NativeHandle _handle;

    private Cache(nint pointer) => _handle = new NativeHandle(pointer, &Native.rocksdb_cache_destroy);

    internal nint Pointer => _handle.Pointer;

    public static Cache CreateLru(ulong capacity) => new(Native.rocksdb_cache_create_lru((nuint)capacity));

    public Cache SetCapacity(ulong capacity)
    {
        Native.rocksdb_cache_set_capacity(Pointer, (nuint)capacity);
        GC.KeepAlive(this);
        return this;
    }

    public ulong GetCapacity()
    {
        nuint size = Native.rocksdb_cache_get_capacity(Pointer);
        GC.KeepAlive(this);
        return size;
    }

    public ulong GetUsage()
    {
        nuint size = Native.rocksdb_cache_get_usage(Pointer);
        GC.KeepAlive(this);
        return size;
    }

    public ulong GetPinnedUsage()
    {
        nuint size = Native.rocksdb_cache_get_pinned_usage(Pointer);
        GC.KeepAlive(this);
        return size;
    }
}
