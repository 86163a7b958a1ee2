// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>What holds native objects in place during a call, even while another thread disposes their owners.</summary>
public sealed partial class RocksDb
{
    private Scope Enter(ColumnFamilyHandle? cf)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ColumnFamilyHandle family = Own(cf);
        _handle.Retain();
        return new Scope(_handle, family.Pointer);
    }

    private ColumnFamilyHandle Own(ColumnFamilyHandle? cf)
    {
        if (cf is null) return _default;
        cf.CheckPresent();
        if (ReferenceEquals(cf.Db, _handle)) return cf;
        throw new ArgumentException($"The column family '{cf.Name}' belongs to another database.", nameof(cf));
    }

    private ReadScope Enter(ColumnFamilyHandle? cf, ReadOptions? options)
    {
        Scope scope = Enter(cf);
        if (options is null) return new ReadScope(scope, null, null);
        try
        {
            ReadOptionsHandle handle = options.Retain(out SnapshotHandle? snapshot);
            if (snapshot is null || ReferenceEquals(snapshot.Db, _handle)) return new ReadScope(scope, handle, snapshot);
            handle.Release();
            snapshot.Release();
            throw new ArgumentException("The read options name a snapshot of another database.", nameof(options));
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private readonly ref struct Scope
    {
        private readonly DbHandle _db;

        internal Scope(DbHandle db, nint family)
        {
            _db = db;
            Family = family;
        }

        internal nint Db => _db.Pointer;

        internal nint Family { get; }

        public void Dispose() => _db.Release();
    }

    private readonly ref struct ReadScope
    {
        private readonly Scope _scope;

        internal ReadScope(Scope scope, ReadOptionsHandle? options, SnapshotHandle? snapshot)
        {
            _scope = scope;
            OptionsHandle = options;
            Snapshot = snapshot;
            Options = options is null ? ReadOptions.DefaultPointer : options.Pointer;
        }

        internal nint Db => _scope.Db;

        internal nint Family => _scope.Family;

        internal nint Options { get; }

        internal ReadOptionsHandle? OptionsHandle { get; }

        internal SnapshotHandle? Snapshot { get; }

        public void Dispose()
        {
            OptionsHandle?.Release();
            Snapshot?.Release();
            _scope.Dispose();
        }
    }
}
