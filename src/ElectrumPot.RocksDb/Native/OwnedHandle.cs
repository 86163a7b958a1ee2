// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>
/// A native object with a reference count: whatever depends on it retains it, so it is destroyed after the last dependant, in
/// whichever order the owners are disposed or collected.
/// </summary>
internal abstract class OwnedHandle : SafeHandle
{
    protected OwnedHandle(nint pointer)
        : base(0, ownsHandle: true) => SetHandle(pointer);

    public sealed override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    /// <exception cref="ObjectDisposedException">The native object is gone.</exception>
    internal void Retain()
    {
        bool retained = false;
        DangerousAddRef(ref retained);
    }

    internal void Release() => DangerousRelease();
}

/// <summary>A native object that depends on nothing else.</summary>
internal sealed unsafe class NativeHandle : OwnedHandle
{
    private readonly delegate*<nint, void> _destroy;

    internal NativeHandle(nint pointer, delegate*<nint, void> destroy)
        : base(pointer) => _destroy = destroy;

    protected override bool ReleaseHandle()
    {
        _destroy(handle);
        return true;
    }
}

/// <summary>An open database with its column family handles, which the library wants destroyed before it closes the database.</summary>
internal sealed class DbHandle : OwnedHandle
{
    private readonly List<nint> _families = [];

    internal DbHandle(nint pointer)
        : base(pointer)
    {
    }

    /// <summary>Column families dropped so far. A batch filled before a drop may name the dropped one.</summary>
    internal int Drops { get; set; }

    internal void Add(nint family)
    {
        lock (_families) _families.Add(family);
    }

    protected override bool ReleaseHandle()
    {
        foreach (nint family in _families) Native.rocksdb_column_family_handle_destroy(family);
        Native.rocksdb_close(handle);
        return true;
    }
}

/// <summary>An object of an open database: it keeps the database open until it is destroyed.</summary>
internal abstract class DbChildHandle : OwnedHandle
{
    protected DbChildHandle(nint pointer, DbHandle db)
        : base(pointer)
    {
        // The caller holds the database open for the call that made the pointer, so this cannot fail.
        db.Retain();
        Db = db;
    }

    internal DbHandle Db { get; }

    protected sealed override bool ReleaseHandle()
    {
        Destroy();
        Db.Release();
        return true;
    }

    protected abstract void Destroy();
}
