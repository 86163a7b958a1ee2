// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Following;

/// <summary>Pace and patience of the follower.</summary>
public sealed record FollowerOptions
{
    /// <summary>Pause between two looks at the daemon's mempool while it answers at once; see <see cref="Daemon.PollPace"/>.</summary>
    public TimeSpan MempoolInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause between two reports of an import.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a shorter chain with less work must last before it is followed: a daemon that restarts or reindexes
    /// shows such a chain for a while, and only for a while.
    /// </summary>
    public TimeSpan ShorterChainPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Blocks behind the daemon from which on commits are gathered and progress is shown.</summary>
    public int ImportDistance { get; init; } = 50;
}
