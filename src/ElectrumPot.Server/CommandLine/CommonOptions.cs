// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = $"Configuration file. Default: {string.Join(", then ", ConfigurationFile.DefaultPlaces)}.",
        HelpName = "FILE",
    };

    public static Option<int?> AdminPort() => new("--admin-port")
    {
        Description = "Admin port of the server. Default: [admin] port of the configuration.",
        HelpName = "PORT",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print JSON, for scripts.",
    };

    public static Option<bool> Quiet() => new("--quiet", "-q")
    {
        Description = "Write log lines to the log file only, not to the console.",
    };
}
