// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.Tests.Index;

/// <summary>
/// A disk that is full for one open database of this process: the descriptors of its logs lead to <c>/dev/full</c>, where
/// every write fails with ENOSPC as on a real disk. Disposing makes room again.
/// </summary>
internal sealed partial class FullDevice : IDisposable
{
    private const int WriteOnly = 1;

    private readonly List<(int Descriptor, int Copy)> _logs = [];

    /// <param name="folder">Of the database; it is open.</param>
    public FullDevice(string folder)
    {
        int full = Checked(Open("/dev/full", WriteOnly));
        foreach (string link in Directory.GetFiles("/proc/self/fd"))
        {
            if (TargetOf(link) is not { } file) continue;
            if (Path.GetDirectoryName(file) != folder || Path.GetExtension(file) != ".log") continue;
            int descriptor = int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture);
            _logs.Add((descriptor, Checked(Duplicate(descriptor))));
            Checked(Duplicate(full, descriptor));
        }

        Checked(Close(full));
        if (_logs.Count == 0) throw new InvalidOperationException($"No open log of a database in {folder}.");
    }

    public void Dispose()
    {
        foreach ((int descriptor, int copy) in _logs)
        {
            Checked(Duplicate(copy, descriptor));
            Checked(Close(copy));
        }

        _logs.Clear();
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            // Other tests of this process open and close files meanwhile.
            return null;
        }
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"A system call failed: errno {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
