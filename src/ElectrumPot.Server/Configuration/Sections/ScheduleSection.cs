// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[schedule]</c>: intervals of recurring tasks.</summary>
internal static class ScheduleSection
{
    public const string Name = "schedule";

    public static readonly ConfigurationOption<TimeSpan> TipPoll = Interval(
        "tip_poll", 50, 60_000, 1_000, "How often the daemon is asked for a new block.");

    public static readonly ConfigurationOption<TimeSpan> MempoolPoll = Interval(
        "mempool_poll", 50, 600_000, 2_000, "How often the daemon is asked for unconfirmed transactions.");

    public static readonly ConfigurationOption<TimeSpan> Progress = Interval(
        "progress", 1_000, 3_600_000, 10_000, "How often the log tells how far the first import is.");

    public static readonly IReadOnlyList<ConfigurationOption> All = [TipPoll, MempoolPoll, Progress];

    private static ConfigurationOption<TimeSpan> Interval(string key, int minMilliseconds, int maxMilliseconds, int defaultMilliseconds, string description) =>
        new(
            Name,
            key,
            new DurationKind(TimeSpan.FromMilliseconds(minMilliseconds), TimeSpan.FromMilliseconds(maxMilliseconds)),
            TimeSpan.FromMilliseconds(defaultMilliseconds),
            description);
}
