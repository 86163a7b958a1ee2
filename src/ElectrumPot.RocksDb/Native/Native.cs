// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>
/// The functions of <c>rocksdb/c.h</c> under their own names, as of RocksDB 7.8. An <c>error</c> argument must point to a zero:
/// the library frees what it finds there before it stores a message.
/// </summary>
internal static unsafe partial class Native
{
    internal const string Library = "rocksdb";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first import, whichever type makes it.")]
    internal static void Initialize() =>
        NativeLibrary.SetDllImportResolver(
            typeof(Native).Assembly,
            static (name, _, _) => name == Library ? LibraryLoader.Handle : 0);

    internal static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    /// <summary>Turns a message left by the library into an exception, and frees it.</summary>
    /// <param name="error">The stored message, or zero after success.</param>
    /// <param name="path">The database concerned, where the message should name it.</param>
    internal static void ThrowOnError(nint error, string? path = null)
    {
        if (error != 0) throw RocksDbException.Create(TakeString((byte*)error)!, path);
    }

    /// <summary>Copies a string allocated by the library, and frees it. Null stays null.</summary>
    internal static string? TakeString(byte* text)
    {
        if (text == null) return null;
        string? copy = Marshal.PtrToStringUTF8((nint)text);
        rocksdb_free((nint)text);
        return copy;
    }

    [LibraryImport(Library)]
    internal static partial nint rocksdb_mergeoperator_create(
        nint state,
        delegate* unmanaged<nint, void> destructor,
        delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte**, nuint*, int, byte*, nuint*, byte*> fullMerge,
        delegate* unmanaged<nint, byte*, nuint, byte**, nuint*, int, byte*, nuint*, byte*> partialMerge,
        delegate* unmanaged<nint, byte*, nuint, void> deleteValue,
        delegate* unmanaged<nint, byte*> name);
}
