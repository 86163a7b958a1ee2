// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>
/// The database as it stood at one moment. Give it to <see cref="ReadOptions.SetSnapshot"/>; dispose it soon, since it keeps old rows
/// alive.
/// </summary>
public sealed class Snapshot : IDisposable
{
    private volatile bool _disposed;

    internal Snapshot(SnapshotHandle handle) => Handle = handle;

    internal SnapshotHandle Handle { get; }

    internal SnapshotHandle Retain()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Handle.Retain();
        return Handle;
    }

    public void Dispose()
    {
        _disposed = true;
        Handle.Dispose();
    }
}

internal sealed class SnapshotHandle : DbChildHandle
{
    internal SnapshotHandle(nint pointer, DbHandle db)
        : base(pointer, db)
    {
    }

    protected override void Destroy() => Native.rocksdb_release_snapshot(Db.Pointer, handle);
}
