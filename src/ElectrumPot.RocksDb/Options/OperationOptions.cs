// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>How a write is made durable.</summary>
public sealed unsafe class WriteOptions
{
    internal static readonly WriteOptions Default = new();

    private readonly NativeHandle _handle = new(Native.rocksdb_writeoptions_create(), &Native.rocksdb_writeoptions_destroy);

    internal nint Pointer => _handle.Pointer;

    /// <summary>
    /// Waits until the write is on the disk. Without it a crash of the machine, but not of the process, may lose the last writes.
    /// </summary>
    public WriteOptions SetSync(bool value)
    {
        Native.rocksdb_writeoptions_set_sync(Pointer, Native.Flag(value));
        GC.KeepAlive(this);
        return this;
    }

    /// <summary>1 leaves out the write-ahead log: what is not flushed yet is lost with the process.</summary>
    public WriteOptions DisableWal(int disable)
    {
        Native.rocksdb_writeoptions_disable_WAL(Pointer, disable);
        GC.KeepAlive(this);
        return this;
    }
}

public sealed unsafe class FlushOptions
{
    private readonly NativeHandle _handle = new(Native.rocksdb_flushoptions_create(), &Native.rocksdb_flushoptions_destroy);

    internal nint Pointer => _handle.Pointer;

    public FlushOptions SetWaitForFlush(bool waitForFlush)
    {
        Native.rocksdb_flushoptions_set_wait(Pointer, Native.Flag(waitForFlush));
        GC.KeepAlive(this);
        return this;
    }
}

public sealed unsafe class EnvOptions
{
    private readonly NativeHandle _handle = new(Native.rocksdb_envoptions_create(), &Native.rocksdb_envoptions_destroy);

    internal nint Pointer => _handle.Pointer;
}

/// <summary>How table files are taken into a database.</summary>
public sealed unsafe partial class IngestExternalFileOptions
{
    private readonly NativeHandle _handle =
        new(Native.rocksdb_ingestexternalfileoptions_create(), &Native.rocksdb_ingestexternalfileoptions_destroy);

    internal nint Pointer => _handle.Pointer;

    /// <summary>Links the files instead of copying them, and removes the originals.</summary>
    public IngestExternalFileOptions SetMoveFiles(bool moveFiles)
    {
        Native.rocksdb_ingestexternalfileoptions_set_move_files(Pointer, Native.Flag(moveFiles));
        GC.KeepAlive(this);
        return this;
    }

    public IngestExternalFileOptions SetSnapshotConsistency(bool snapshotConsistency)
    {
        Native.rocksdb_ingestexternalfileoptions_set_snapshot_consistency(Pointer, Native.Flag(snapshotConsistency));
        GC.KeepAlive(this);
        return this;
    }

    public IngestExternalFileOptions SetAllowGlobalSeqno(bool allow)
    {
        Native.rocksdb_ingestexternalfileoptions_set_allow_global_seqno(Pointer, Native.Flag(allow));
        GC.KeepAlive(this);
        return this;
    }

    public IngestExternalFileOptions SetAllowBlockingFlush(bool allow)
    {
        Native.rocksdb_ingestexternalfileoptions_set_allow_blocking_flush(Pointer, Native.Flag(allow));
        GC.KeepAlive(this);
        return this;
    }
}
