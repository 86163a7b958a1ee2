// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Configuration;

/// <summary>
/// The one list of options. The sample file, the reference page, the help texts and the checks are made from it; a test
/// keeps them equal.
/// </summary>
internal static class ConfigurationOptions
{
    /// <summary>What each section is about; also the order of sections.</summary>
    public static readonly IReadOnlyList<(string Section, string About)> About =
    [
        (ServerSection.Name, "What wallets see: names, ports, certificate, texts."),
        (RocksDbSection.Name, "The index and its memory."),
        (PotcoindSection.Name, "The daemon that all data comes from: potcoind, or the daemon of the coin that is served."),
        (PeersSection.Name, "Other servers. As it stands this server contacts none and tells of none."),
        (LimitsSection.Name, "What one client may ask for."),
        (ScheduleSection.Name, "Intervals of everything that happens again and again."),
        (AdminSection.Name, "The channel of 'electrum-pot-server status', 'getpid' and 'stop'; open to this machine only."),
        (LogSection.Name, "What is written where."),
    ];

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        .. ServerSection.All, .. RocksDbSection.All, .. PotcoindSection.All, .. PeersSection.All, .. LimitsSection.All, .. ScheduleSection.All, .. AdminSection.All, .. LogSection.All,
    ];

    private static readonly Dictionary<string, HashSet<string>> KeysOfSections = CollectKeys();

    /// <summary>Every section that may stand in a file, old names included.</summary>
    public static IReadOnlyCollection<string> Sections => KeysOfSections.Keys;

    /// <summary>Every key of a section, old names included.</summary>
    public static IReadOnlySet<string> Keys(string section) => KeysOfSections[section];

    private static Dictionary<string, HashSet<string>> CollectKeys()
    {
        var keys = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string name in All.SelectMany(option => option.OldNames.Prepend($"{option.Section}/{option.Key}")))
        {
            string[] parts = name.Split('/');
            if (!keys.TryGetValue(parts[0], out HashSet<string>? known)) keys[parts[0]] = known = new(StringComparer.Ordinal);
            known.Add(parts[1]);
        }

        return keys;
    }
}
