// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Benchmarks.ChainGeneration;

namespace ElectrumPot.Benchmarks.Commands;

/// <summary>Options that several commands have. Each command makes its own.</summary>
internal static class CommonOptions
{
    public static Option<int> Runs() => new("--runs") { Description = "Runs of each kind; the table has the medians.", HelpName = "N", DefaultValueFactory = _ => 3 };

    public static Option<string> Shape() => new("--shape") { Description = "busy: as a large coin; quiet: as Potcoin, staked and nearly empty.", HelpName = "NAME", DefaultValueFactory = _ => "busy" };

    public static Option<ulong> Seed() => new("--seed") { Description = "Another seed, another chain.", HelpName = "N", DefaultValueFactory = _ => 1 };

    public static Option<string> Cache() => new("--cache") { Description = "Where chains are kept and databases are made.", HelpName = "FOLDER", Required = true };

    public static Option<string> Server() => new("--server") { Description = "The executable to measure. Default: the one that was built with this program.", HelpName = "FILE", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "electrum-pot-server") };

    public static Option<string?> Configuration(string more) => new("--conf") { Description = $"A configuration of the server that names a real daemon, instead of a generated chain. {more}", HelpName = "FILE" };

    public static Option<int?> DaemonPid() => new("--daemon-pid") { Description = "Process of the daemon of --conf, whose CPU time is told as well.", HelpName = "PID" };

    public static Option<string[]> Set() => new("--set") { Description = "A further option of the server, such as 'rocksdb.pruning_limit = 0'.", HelpName = "LINE" };

    public static Option<int> Number(string name, int value, string description) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };

    /// <exception cref="ArgumentException">There is no such shape.</exception>
    public static ChainShape ShapeOf(string name) =>
        ChainShape.All.FirstOrDefault(known => known.Name == name) ?? throw new ArgumentException($"no shape '{name}'");
}
