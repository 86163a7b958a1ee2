// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[log]</c>: what is written where.</summary>
internal static class LogSection
{
    public const string Name = "log";

    public static readonly ConfigurationOption<string> Level = new(
        Name, "level", new ChoiceKind("debug", "info", "warning", "error"), "info", "The least important lines that are written.");

    public static readonly ConfigurationOption<string> File = new(
        Name, "file", new TextKind("a file, or 'none'"), "",
        "The log file. A new one is begun every day and at file_mb; the date is added to its name. none: console only.")
    {
        OldNames = ["server/logfile"],
        DefaultText = "electrum-pot-.log in the data folder",
    };

    public static readonly ConfigurationOption<long> FileMegabytes = new(
        Name, "file_mb", new NumberKind(1, 100_000, "MB"), 50, "Size at which a new log file is begun.");

    public static readonly ConfigurationOption<long> Files = new(
        Name, "files", new NumberKind(1, 10_000, "files"), 14, "Log files kept; older ones are deleted.");

    public static readonly IReadOnlyList<ConfigurationOption> All = [Level, File, FileMegabytes, Files];
}
