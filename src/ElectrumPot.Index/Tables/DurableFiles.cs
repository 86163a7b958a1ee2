// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ElectrumPot.Index.Tables;

/// <summary>What the class library lacks to make names of files survive a power cut.</summary>
internal static partial class DurableFiles
{
    /// <summary>O_RDONLY | O_CLOEXEC: the values that are the same on every architecture.</summary>
    private const int ReadOnly = 0x80000;

    /// <summary>Waits until the names in a folder are on the disk.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void SyncFolder(string folder)
    {
        using SafeFileHandle handle = Open(folder, ReadOnly);
        if (handle.IsInvalid || Sync(handle) != 0)
            throw new IOException($"the folder {folder} cannot be written to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
