// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Events;

/// <summary>What the index is doing.</summary>
public enum IndexState
{
    /// <summary>Opened, nothing heard of the daemon yet.</summary>
    Starting,

    /// <summary>Reads the chain for the first time; nothing is served yet.</summary>
    Importing,

    /// <summary>Removes, after an import, what the pruning limit leaves out.</summary>
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

/// <summary>For people, status and metrics: one moment of the work.</summary>
/// <param name="Height">Of the index; -1 when empty.</param>
/// <param name="DaemonHeight">-1 while unknown.</param>
/// <param name="Transactions">In all indexed blocks.</param>
/// <param name="BlocksPerSecond">Over the last seconds of an import.</param>
/// <param name="TimeLeft">Of an import, by blocks; null when it cannot be told.</param>
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
    public static IndexProgress Starting(int height, long transactions) =>
        new(IndexState.Starting, height, -1, transactions, 0, 0, null, null, null);
}
