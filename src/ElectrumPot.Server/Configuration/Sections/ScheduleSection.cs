// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[schedule]</c>: intervals of recurring tasks.</summary>
internal static class ScheduleSection
{
    public const string Name = "schedule";

    public static readonly ConfigurationOption<TimeSpan> TipPoll = Interval(
        "tip_poll", 50, 60_000, 100, "How often the daemon is asked for a new block. A daemon that is slow to answer is asked less often: it spends at most 2 % of its time on that.");

    public static readonly ConfigurationOption<TimeSpan> MempoolPoll = Interval(
        "mempool_poll", 50, 600_000, 100, "How often the daemon is asked for unconfirmed transactions, and less often if it is slow to answer.");

    public static readonly ConfigurationOption<TimeSpan> Progress = Interval(
        "progress", 1_000, 3_600_000, 10_000, "How often the log tells how far the first import is.");

    public static readonly ConfigurationOption<TimeSpan> PeerCheck = Interval(
        "peer_check", 60_000, 10_200_000, 1_800_000, "How often a good server of [peers] is checked again.");

    public static readonly ConfigurationOption<TimeSpan> PeerRetry = Interval(
        "peer_retry", 10_000, 86_400_000, 300_000, "When a server that could not be reached is tried again; the time doubles with each failure.");

    public static readonly ConfigurationOption<TimeSpan> IrcNames = Interval(
        "irc_names", 30_000, 86_400_000, 300_000, "How often the servers in the IRC channel are listed.");

    public static readonly ConfigurationOption<TimeSpan?> Snapshot = new(
        Name, "snapshot", new OptionalDurationKind(TimeSpan.FromHours(1), TimeSpan.FromDays(45)), null,
        "How often a snapshot of the database is put into snapshots/ of the data folder, for backup or for others.");

    public static readonly ConfigurationOption<long> SnapshotsKept = new(
        Name, "snapshots_kept", new NumberKind(1, 1_000, "snapshots"), 2, "How many of those snapshots are kept; older ones are deleted. Others in the folder stay.");

    public static readonly IReadOnlyList<ConfigurationOption> All = [TipPoll, MempoolPoll, Progress, PeerCheck, PeerRetry, IrcNames, Snapshot, SnapshotsKept];

    private static ConfigurationOption<TimeSpan> Interval(string key, int minMilliseconds, int maxMilliseconds, int defaultMilliseconds, string description) =>
        new(
            Name,
            key,
            new DurationKind(TimeSpan.FromMilliseconds(minMilliseconds), TimeSpan.FromMilliseconds(maxMilliseconds)),
            TimeSpan.FromMilliseconds(defaultMilliseconds),
            description);
}
