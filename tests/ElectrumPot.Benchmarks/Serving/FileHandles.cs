// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.InteropServices;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>Open files that the kernel allows a process, and so connections.</summary>
internal static partial class FileHandles
{
    private const int OpenFiles = 7;

    /// <summary>Beside the connections: tables, libraries, pipes.</summary>
    private const int Others = 1_000;

    /// <summary>Raises the soft limit of this process and of those that it starts to the hard one, and refuses when even that is too low.</summary>
    /// <exception cref="InvalidOperationException">Too few; the message says what to do.</exception>
    public static void Require(int connections)
    {
        ulong needed = (ulong)connections + Others;
        if (GetLimit(OpenFiles, out Limits limits) != 0) return;
        if (limits.Soft >= needed) return;
        if (limits.Hard < needed)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{connections:N0} connections need {needed:N0} open files, and 'ulimit -n' allows {limits.Hard:N0} at most; raise the hard limit (as root: ulimit -Hn {needed}) or ask for fewer connections"));
        }

        limits.Soft = limits.Hard;
        if (SetLimit(OpenFiles, in limits) != 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"'ulimit -n' is too low for {connections:N0} connections and cannot be raised; run 'ulimit -n {needed}' first"));
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
