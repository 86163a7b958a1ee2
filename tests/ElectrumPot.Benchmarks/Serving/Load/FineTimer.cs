// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Sleeps as precisely as the kernel can; .NET sleeps in whole milliseconds, which is more than a request takes.</summary>
internal static partial class FineTimer
{
    private const int SetTimerSlack = 29;

    /// <summary>Takes the tolerance of 50 µs from this thread's sleeps.</summary>
    public static void MakePrecise() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <param name="timestamp">As <see cref="Stopwatch.GetTimestamp"/> gives them.</param>
    public static void SleepUntil(long timestamp)
    {
        while (true)
        {
            double left = (timestamp - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency;
            if (left <= 0) return;
            var time = new TimeSpec { Seconds = (nint)left, Nanoseconds = (nint)((left - Math.Floor(left)) * 1e9) };
            _ = NanoSleep(in time, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
