// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

public sealed unsafe partial class RocksDb
{
    /// <summary>Writes a family's memtable to a file.</summary>
    public void Flush(FlushOptions flushOptions, ColumnFamilyHandle? cf)
    {
        nint error = 0;
        using Scope scope = Enter(cf);
        Native.rocksdb_flush_cf(scope.Db, flushOptions.Pointer, scope.Family, &error);
        GC.KeepAlive(flushOptions);
        Native.ThrowOnError(error);
    }

    /// <summary>Hands what the write-ahead log has buffered to the system and, with <paramref name="sync"/>, to the disk.</summary>
    public void FlushWal(bool sync)
    {
        nint error = 0;
        using Scope scope = Enter(null);
        Native.rocksdb_flush_wal(scope.Db, Native.Flag(sync), &error);
        Native.ThrowOnError(error);
    }

    /// <summary>Changes options of a family while the database is open, by their names in the library.</summary>
    public void SetOptions(IEnumerable<KeyValuePair<string, string>> options, ColumnFamilyHandle? cf)
    {
        KeyValuePair<string, string>[] pairs = [.. options];
        using NativeStrings keys = new(pairs.Select(static pair => pair.Key));
        using NativeStrings values = new(pairs.Select(static pair => pair.Value));
        nint error = 0;
        using Scope scope = Enter(cf);
        fixed (nint* k = keys.Pointers, v = values.Pointers)
            Native.rocksdb_set_options_cf(scope.Db, scope.Family, pairs.Length, k, v, &error);
        Native.ThrowOnError(error);
    }

    /// <summary>A numeric property such as <c>rocksdb.estimate-num-keys</c>, or null where the library does not know it.</summary>
    public ulong? GetIntProperty(string propertyName, ColumnFamilyHandle? cf = null)
    {
        using Scope scope = Enter(cf);
        ulong value = 0;
        return Native.rocksdb_property_int_cf(scope.Db, scope.Family, propertyName, &value) == 0 ? value : null;
    }

    /// <summary>Deletes the files and directories of a database that nobody has open.</summary>
    public static void Destroy(DbOptions options, string path)
    {
        nint error = 0;
        Native.rocksdb_destroy_db(options.Pointer, path, &error);
        GC.KeepAlive(options);
        Native.ThrowOnError(error, path);
    }
}
