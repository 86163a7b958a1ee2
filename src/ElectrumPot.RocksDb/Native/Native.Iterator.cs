// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Iterators.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_iterator_cf(nint db, nint options, nint columnFamily);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_destroy(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte rocksdb_iter_valid(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek_to_first(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek_to_last(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek(nint handle, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_seek_for_prev(nint handle, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_next(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_prev(nint handle);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* rocksdb_iter_key(nint handle, nuint* klen);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* rocksdb_iter_value(nint handle, nuint* vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_iter_get_error(nint handle, nint* error);
}
