// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>Makes openable copies of a running database, by hard links where source and target share a file system.</summary>
public sealed unsafe class Checkpoint : IDisposable
{
    private readonly CheckpointHandle _handle;
    private bool _disposed;

    internal Checkpoint(CheckpointHandle handle) => _handle = handle;

    /// <summary>Writes the copy into a directory that must not exist yet.</summary>
    /// <param name="checkpointDir">The new directory; its parent exists.</param>
    /// <param name="logSizeForFlush">Bytes of log up to which the log is copied instead of flushing the memtables first.</param>
    public void Save(string checkpointDir, ulong logSizeForFlush = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        nint error = 0;
        Native.rocksdb_checkpoint_create(_handle.Pointer, checkpointDir, logSizeForFlush, &error);
        GC.KeepAlive(this);
        Native.ThrowOnError(error);
    }

    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }
}

internal sealed class CheckpointHandle : DbChildHandle
{
    internal CheckpointHandle(nint pointer, DbHandle db)
        : base(pointer, db)
    {
    }

    protected override void Destroy() => Native.rocksdb_checkpoint_object_destroy(handle);
}
