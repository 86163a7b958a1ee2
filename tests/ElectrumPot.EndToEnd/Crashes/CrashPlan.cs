// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>How often and by which dice: 20 kills in the suite, as many as one likes by the environment.</summary>
internal sealed record CrashPlan(int Kills, int Seed)
{
    private const int DefaultKills = 20;

    /// <summary>Of a hundred kills.</summary>
    private static readonly (CrashPhase Phase, int Share)[] Shares =
    [
        (CrashPhase.Import, 25),
        (CrashPhase.ImportEnd, 15),
        (CrashPhase.Start, 5),
        (CrashPhase.Following, 15),
        (CrashPhase.Reorganisation, 15),
        (CrashPhase.Snapshot, 10),
        (CrashPhase.LoweredLimit, 10),
        (CrashPhase.DeepReorganisation, 5),
    ];

    public static IEnumerable<CrashPhase> Phases => Shares.Select(share => share.Phase);

    /// <summary>Reads ELECTRUM_POT_CRASH_KILLS and ELECTRUM_POT_CRASH_SEED.</summary>
    public static CrashPlan FromEnvironment() =>
        new(Read("ELECTRUM_POT_CRASH_KILLS") ?? DefaultKills, Read("ELECTRUM_POT_CRASH_SEED") ?? Random.Shared.Next(1_000_000));

    /// <summary>At least one for each phase, whatever the total.</summary>
    public int Wanted(CrashPhase phase) => Math.Max(1, Kills * Shares.Single(share => share.Phase == phase).Share / 100);

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
