// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>Where the blocks come from.</summary>
internal enum ImportSource
{
    BlockFiles,
    Rpc,

    /// <summary>No import: the blocks are asked for as an import over RPC does, and thrown away.</summary>
    DaemonAlone,
}

/// <summary>One measurement.</summary>
/// <param name="Wall">From the start of the process until wallets are served.</param>
/// <param name="DaemonCpu">Zero where its process is not known.</param>
/// <param name="DatabaseBytes">After the clean stop.</param>
internal readonly record struct ImportRun(TimeSpan Wall, TimeSpan Cpu, TimeSpan DaemonCpu, long PeakMemory, long Written, long DatabaseBytes)
{
    /// <summary>The median of each figure by itself.</summary>
    public static ImportRun Median(IReadOnlyCollection<ImportRun> runs) => new(
        TimeSpan.FromTicks(Middle(runs, run => run.Wall.Ticks)),
        TimeSpan.FromTicks(Middle(runs, run => run.Cpu.Ticks)),
        TimeSpan.FromTicks(Middle(runs, run => run.DaemonCpu.Ticks)),
        Middle(runs, run => run.PeakMemory),
        Middle(runs, run => run.Written),
        Middle(runs, run => run.DatabaseBytes));

    private static long Middle(IReadOnlyCollection<ImportRun> runs, Func<ImportRun, long> figure)
    {
        long[] sorted = [.. runs.Select(figure).Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
