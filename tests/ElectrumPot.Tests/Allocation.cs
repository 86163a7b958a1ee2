// SPDX-License-Identifier: MIT

namespace ElectrumPot.Tests;

internal static class Allocation
{
    private const int Runs = 8;

    /// <summary>
    /// Bytes that the work allocates on this thread each time it is done. The least of several runs: now and then the
    /// runtime compiles or links something on the thread that happens to run, and charges it for that.
    /// </summary>
    public static long Of(Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Runs && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
