// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Opening, reading, writing and tending a database.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_open_column_families(
        nint options, string name, int numColumnFamilies, nint* columnFamilyNames, nint* columnFamilyOptions,
        nint* columnFamilyHandles, nint* error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_open_for_read_only_column_families(
        nint options, string name, int numColumnFamilies, nint* columnFamilyNames, nint* columnFamilyOptions,
        nint* columnFamilyHandles, byte errorIfWalFileExists, nint* error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_open_as_secondary_column_families(
        nint options, string name, string secondaryPath, int numColumnFamilies, nint* columnFamilyNames,
        nint* columnFamilyOptions, nint* columnFamilyHandles, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_close(nint db);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint* rocksdb_list_column_families(nint options, string name, nuint* lencf, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_list_column_families_destroy(nint* list, nuint len);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rocksdb_create_column_family(nint db, nint columnFamilyOptions, string columnFamilyName, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_drop_column_family(nint db, nint handle, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_column_family_handle_destroy(nint handle);

    [LibraryImport(Library)]
    internal static partial void rocksdb_put_cf(
        nint db, nint options, nint columnFamily, byte* key, nuint keylen, byte* val, nuint vallen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_delete_cf(nint db, nint options, nint columnFamily, byte* key, nuint keylen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_merge_cf(
        nint db, nint options, nint columnFamily, byte* key, nuint keylen, byte* val, nuint vallen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_write(nint db, nint options, nint batch, nint* error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_get_pinned_cf(nint db, nint options, nint columnFamily, byte* key, nuint keylen, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_pinnableslice_destroy(nint value);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* rocksdb_pinnableslice_value(nint slice, nuint* vlen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_multi_get_cf(
        nint db, nint options, nint* columnFamilies, nuint numKeys, nint* keysList, nuint* keysListSizes, nint* valuesList,
        nuint* valuesListSizes, nint* errs);

    [LibraryImport(Library)]
    internal static partial void rocksdb_batched_multi_get_cf(
        nint db, nint options, nint columnFamily, nuint numKeys, nint* keysList, nuint* keysListSizes, nint* values, nint* errs,
        byte sortedInput);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_create_snapshot(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_release_snapshot(nint db, nint snapshot);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* rocksdb_property_value(nint db, string propname);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* rocksdb_property_value_cf(nint db, nint columnFamily, string propname);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rocksdb_property_int(nint db, string propname, ulong* outVal);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rocksdb_property_int_cf(nint db, nint columnFamily, string propname, ulong* outVal);

    [LibraryImport(Library)]
    internal static partial void rocksdb_compact_range_cf(
        nint db, nint columnFamily, byte* startKey, nuint startKeyLen, byte* limitKey, nuint limitKeyLen);

    [LibraryImport(Library)]
    internal static partial void rocksdb_flush_cf(nint db, nint options, nint columnFamily, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_flush_wal(nint db, byte sync, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_set_options_cf(nint db, nint handle, int count, nint* keys, nint* values, nint* error);

    [LibraryImport(Library)]
    internal static partial ulong rocksdb_get_latest_sequence_number(nint db);

    [LibraryImport(Library)]
    internal static partial void rocksdb_ingest_external_file_cf(
        nint db, nint handle, nint* fileList, nuint listLen, nint options, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_try_catch_up_with_primary(nint db, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_disable_file_deletions(nint db, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_enable_file_deletions(nint db, byte force, nint* error);

    [LibraryImport(Library)]
    internal static partial nint rocksdb_checkpoint_object_create(nint db, nint* error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_checkpoint_create(nint checkpoint, string checkpointDir, ulong logSizeForFlush, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_checkpoint_object_destroy(nint checkpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void rocksdb_destroy_db(nint options, string name, nint* error);

    [LibraryImport(Library)]
    internal static partial void rocksdb_free(nint ptr);
}
