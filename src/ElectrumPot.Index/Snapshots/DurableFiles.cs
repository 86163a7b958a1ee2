// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace ElectrumPot.Index.Snapshots;

/// <summary>What has to be on the disk before something else may happen.</summary>
internal static partial class DurableFiles
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Waits until the names in a folder are on the disk: a renamed file may have its old name after a power cut otherwise.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void FlushFolder(string path)
    {
        int handle = Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnlyCloseOnExec);
        if (handle < 0) throw Failure(path);
        try
        {
            if (Sync(handle) != 0) throw Failure(path);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{path}: {cause.Message}", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
