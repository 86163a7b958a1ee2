// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Write batches and SST files.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    internal static partial nint rocksdb_writebatch_create();

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_destroy(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_clear(nint handle);

    [LibraryImport(Library)]
    internal static partial int rocksdb_writebatch_count(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_put(nint handle, byte* key, nuint klen, byte* val, nuint vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_put_cf(nint handle, nint columnFamily, byte* key, nuint klen, byte* val, nuint vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_merge(nint handle, byte* key, nuint klen, byte* val, nuint vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_merge_cf(
        nint handle, nint columnFamily, byte* key, nuint klen, byte* val, nuint vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_delete(nint handle, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_delete_cf(nint handle, nint columnFamily, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_singledelete(nint batch, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_singledelete_cf(nint batch, nint columnFamily, byte* key, nuint klen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_delete_range(
        nint batch, byte* startKey, nuint startKeyLen, byte* endKey, nuint endKeyLen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_delete_range_cf(
        nint batch, nint columnFamily, byte* startKey, nuint startKeyLen, byte* endKey, nuint endKeyLen);

    [LibraryImport(Library)]
    internal static partial byte* rocksdb_writebatch_data(nint handle, nuint* size);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_set_save_point(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_writebatch_rollback_to_save_point(nint handle, nint* error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_sstfilewriter_create(nint env, nint ioOptions);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_sstfilewriter_open(nint writer, string name, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_put(nint writer, byte* key, nuint keylen, byte* val, nuint vallen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_merge(nint writer, byte* key, nuint keylen, byte* val, nuint vallen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_delete(nint writer, byte* key, nuint keylen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_delete_range(
        nint writer, byte* beginKey, nuint beginKeylen, byte* endKey, nuint endKeylen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_finish(nint writer, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_file_size(nint writer, ulong* fileSize);

    [LibraryImport(Library)]
    internal static partial void rocksdb_sstfilewriter_destroy(nint writer);
}
