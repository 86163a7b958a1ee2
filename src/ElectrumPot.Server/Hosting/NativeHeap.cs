// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// Keeps the heap of the C library small. By itself it gives every thread a heap of its own, up to eight for each
/// processor, and keeps what is freed: blocks that RocksDB allocates on one thread and frees on another leave holes in all
/// of them, a quarter of the peak of a long import.
/// </summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int MaxArenas = -8;

    /// <summary>Larger blocks go back to the system when they are freed.</summary>
    private const int LargeBlock = 256 << 10;

    /// <summary>Before the first thread of RocksDB. Another C library than glibc has other ways and is left alone.</summary>
    public static void Tune()
    {
        try
        {
            _ = SetOption(MaxArenas, Math.Max(2, Environment.ProcessorCount / 2));
            _ = SetOption(MapThreshold, LargeBlock);
            _ = SetOption(TrimThreshold, LargeBlock);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    /// <summary>Gives back to the system what is free between blocks in use. Takes some milliseconds for each 100 MB.</summary>
    public static void Trim()
    {
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimHeap(nuint keptBytes);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
