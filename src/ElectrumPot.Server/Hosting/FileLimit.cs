// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Hosting;

/// <summary>How many files and connections this process may have open.</summary>
internal static class FileLimit
{
    /// <summary>For the database, the daemon, connections that are being closed.</summary>
    private const long Others = 2_000;

    /// <summary>A warning when wallets could use up the handles; null when all is well.</summary>
    public static string? FindProblem(ServerConfiguration configuration)
    {
        long sessions = configuration.Get(LimitsSection.MaxSessions);
        return Read() is { } limit && limit < sessions + Others
            ? $"this process may open only {limit} files and connections; raise it to {sessions + Others} or more (ulimit -n, LimitNOFILE= in a systemd unit), or lower {LimitsSection.MaxSessions} = {sessions}"
            : null;
    }

    /// <summary>Null where the system does not tell.</summary>
    public static long? Read()
    {
        const string name = "Max open files";
        try
        {
            string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            string[] columns = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return columns.Length > 0 && long.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
