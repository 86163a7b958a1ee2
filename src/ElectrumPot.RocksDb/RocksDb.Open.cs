// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Ways to open a database.</summary>
public sealed unsafe partial class RocksDb
{
    private enum Mode
    {
        ReadWrite,
        ReadOnly,
        ReadOnlyUnlessLogExists,
    }

    /// <summary>Opens a database whose only column family is the default one, with the options given here.</summary>
    public static RocksDb Open(OptionsHandle options, string path) => Open(options, path, null, OnlyDefault(options), Mode.ReadWrite);

    /// <exception cref="RocksDbException">
    /// The database is missing and may not be created, misses one of the families or has others, is open elsewhere, or is damaged.
    /// </exception>
    public static RocksDb Open(DbOptions options, string path, ColumnFamilies columnFamilies) =>
        Open(options, path, null, columnFamilies, Mode.ReadWrite);

    public static RocksDb OpenReadOnly(OptionsHandle options, string path, bool errorIfLogFileExists) =>
        Open(options, path, null, OnlyDefault(options), errorIfLogFileExists ? Mode.ReadOnlyUnlessLogExists : Mode.ReadOnly);

    /// <summary>Opens for reading without taking the lock. A writer elsewhere is neither disturbed nor followed.</summary>
    public static RocksDb OpenReadOnly(DbOptions options, string path, ColumnFamilies columnFamilies, bool errIfLogFileExists) =>
        Open(options, path, null, columnFamilies, errIfLogFileExists ? Mode.ReadOnlyUnlessLogExists : Mode.ReadOnly);

    public static RocksDb OpenAsSecondary(OptionsHandle options, string path, string secondaryPath) =>
        Open(options, path, secondaryPath, OnlyDefault(options), Mode.ReadOnly);

    /// <summary>
    /// Opens for reading beside a writer; <see cref="TryCatchUpWithPrimary"/> brings in what it wrote since. Needs SetMaxOpenFiles(-1).
    /// </summary>
    /// <param name="options">Options of the database.</param>
    /// <param name="path">The writer's database.</param>
    /// <param name="secondaryPath">A directory for this reader's own log file.</param>
    /// <param name="columnFamilies">The families to read.</param>
    public static RocksDb OpenAsSecondary(DbOptions options, string path, string secondaryPath, ColumnFamilies columnFamilies) =>
        Open(options, path, secondaryPath, columnFamilies, Mode.ReadOnly);

    /// <summary>The names of the column families of a database, which need not be open.</summary>
    public static IEnumerable<string> ListColumnFamilies(DbOptions options, string name)
    {
        nint error = 0;
        string[] names = List(options, name, &error);
        Native.ThrowOnError(error, name);
        return names;
    }

    /// <summary>As <see cref="ListColumnFamilies"/>, but false where there is no readable database.</summary>
    public static bool TryListColumnFamilies(DbOptions options, string name, out string[] columnFamilies)
    {
        nint error = 0;
        columnFamilies = List(options, name, &error);
        if (error == 0) return true;
        Native.rocksdb_free(error);
        return false;
    }

    private static string[] List(DbOptions options, string path, nint* error)
    {
        nuint count = 0;
        nint* list = Native.rocksdb_list_column_families(options.Pointer, path, &count, error);
        GC.KeepAlive(options);
        if (*error != 0) return [];
        string[] names = new string[(int)count];
        for (int i = 0; i < names.Length; i++) names[i] = Marshal.PtrToStringUTF8(list[i])!;
        Native.rocksdb_list_column_families_destroy(list, count);
        return names;
    }

    private static ColumnFamilies OnlyDefault(OptionsHandle options) =>
        new(new ColumnFamilies.Descriptor(ColumnFamilies.DefaultName, options));

    private static RocksDb Open(OptionsHandle options, string path, string? secondaryPath, ColumnFamilies columnFamilies, Mode mode)
    {
        ColumnFamilies.Descriptor[] families = [.. columnFamilies];
        using NativeStrings names = new(families.Select(static family => family.Name));
        nint[] familyOptions = [.. families.Select(static family => family.Options.Pointer)];
        nint[] handles = new nint[families.Length];
        nint error = 0;
        nint db;
        fixed (nint* n = names.Pointers, o = familyOptions, h = handles)
        {
            int count = families.Length;
            db = (secondaryPath, mode) switch
            {
                (not null, _) => Native.rocksdb_open_as_secondary_column_families(
                    options.Pointer, path, secondaryPath, count, n, o, h, &error),
                (null, Mode.ReadWrite) => Native.rocksdb_open_column_families(options.Pointer, path, count, n, o, h, &error),
                (null, _) => Native.rocksdb_open_for_read_only_column_families(
                    options.Pointer, path, count, n, o, h, Native.Flag(mode == Mode.ReadOnlyUnlessLogExists), &error),
            };
        }

        GC.KeepAlive(options);
        GC.KeepAlive(families);
        Native.ThrowOnError(error, path);

        DbHandle handle = new(db);
        RocksDb opened = new(handle, path);
        for (int i = 0; i < families.Length; i++) opened.AddFamily(families[i].Name, handles[i], families[i].Options);
        return opened;
    }
}
