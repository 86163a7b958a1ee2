// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Events;

/// <summary>What the index is doing.</summary>
public enum IndexState
{
    /// <summary>Opened, nothing heard of the daemon yet.</summary>
    Starting,

    /// <summary>Reads the chain for the first time; nothing is served yet.</summary>
    Importing,

    /// <summary>Brings the tables into their final form after the blocks of the first import: nothing is served yet.</summary>
    Finishing,

    /// <summary>Removes what a lowered pruning limit leaves out.</summary>
    Pruning,

    /// <summary>At the daemon's tip.</summary>
    CaughtUp,

    /// <summary>Some blocks behind the daemon's tip.</summary>
    CatchingUp,

    /// <summary>The daemon is away, or behind the index; what is there is served.</summary>
    WaitingForDaemon,

    /// <summary>Takes back blocks that the daemon's chain does not have any more.</summary>
    Reorganising,
}

/// <summary>What <see cref="IndexProgress.Percent"/> is a part of.</summary>
public enum ProgressBasis
{
    /// <summary>The transactions of the daemon's chain.</summary>
    Transactions,

    /// <summary>The blocks of the daemon's chain: the number of its transactions is not known (yet).</summary>
    Blocks,

    /// <summary>The work of <see cref="IndexState.Finishing"/> or <see cref="IndexState.Pruning"/>.</summary>
    Work,
}

/// <summary>How much of a piece of work is done, in whatever unit it counts.</summary>
public readonly record struct WorkProgress(long Done, long Total);

/// <summary>For people, status and metrics: one moment of the work.</summary>
/// <param name="Height">Of the index; -1 when empty.</param>
/// <param name="DaemonHeight">-1 while unknown.</param>
/// <param name="Transactions">In all indexed blocks.</param>
/// <param name="BlocksPerSecond">Over the last seconds of an import.</param>
/// <param name="TimeLeft">Of an import or other work, by what <see cref="PercentOf"/> names; null when it cannot be told.</param>
/// <param name="LastBlockAt">When the last block was connected, by this computer's clock.</param>
/// <param name="Warning">What an operator should know, in a sentence; null when all is well.</param>
public sealed record IndexProgress(
    IndexState State,
    int Height,
    int DaemonHeight,
    long Transactions,
    double BlocksPerSecond,
    double TransactionsPerSecond,
    TimeSpan? TimeLeft,
    DateTimeOffset? LastBlockAt,
    string? Warning)
{
    /// <summary>0 to 100; null when there is nothing long to do.</summary>
    public double? Percent { get; init; }

    /// <summary>Meaningful with <see cref="Percent"/>.</summary>
    public ProgressBasis PercentOf { get; init; }

    /// <summary>Transactions of the daemon's chain; null while unknown.</summary>
    public long? ChainTransactions { get; init; }

    /// <summary><see cref="ChainTransactions"/> is an estimate from samples.</summary>
    public bool IsChainEstimated { get; init; }

    /// <summary>By the whole process since it began to import; null when it does not, or where the kernel does not tell.</summary>
    public long? BytesWritten { get; init; }

    public static IndexProgress Starting(int height, long transactions) =>
        new(IndexState.Starting, height, -1, transactions, 0, 0, null, null, null);
}
