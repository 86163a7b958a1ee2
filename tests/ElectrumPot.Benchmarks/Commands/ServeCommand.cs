// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Benchmarks.Serving;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Benchmarks.Serving.Scenarios;

namespace ElectrumPot.Benchmarks.Commands;

/// <summary><c>serve</c>: how fast wallets are answered, and at what cost.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        Option<int> blocks = CommonOptions.Number("--blocks", 20_000, "Length of the chain.");
        Option<int> runs = CommonOptions.Runs();
        Option<string> shape = CommonOptions.Shape();
        Option<ulong> seed = CommonOptions.Seed();
        var seconds = new Option<double>("--seconds") { Description = "Length of each run of a load.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var only = new Option<string?>("--only") { Description = $"Which to measure: {string.Join(", ", AllScenarios.List.Select(scenario => scenario.Name))}. Default: all.", HelpName = "NAME,NAME" };
        Option<string> cache = CommonOptions.Cache();
        Option<string> server = CommonOptions.Server();
        Option<string?> conf = CommonOptions.Configuration("What needs new blocks is measured on a generated chain all the same.");
        Option<int?> daemonPid = CommonOptions.DaemonPid();
        Option<int> connections = CommonOptions.Number("--connections", 20, "Connections of a load.");
        Option<int> depth = CommonOptions.Number("--depth", 10, "Requests under way on each of them.");
        Option<int> sessions = CommonOptions.Number("--sessions", 10_000, "TLS sessions of 'sessions'.");
        Option<int> subscriptions = CommonOptions.Number("--subscriptions", 20, "Subscriptions of each of these sessions.");
        Option<int> idle = CommonOptions.Number("--idle", 2_000, "Connections of 'idle'.");
        Option<int> wallet = CommonOptions.Number("--scripts", 5_000, "Scripts of 'wallet'.");
        Option<int> notifications = CommonOptions.Number("--notifications", 20, "Transactions of 'notify', with a block after every other one.");
        Option<string[]> set = CommonOptions.Set();

        var command = new Command("serve", "Import a chain, let wallets ask for it, and print tables of how fast they were answered.")
        {
            blocks, runs, shape, seed, seconds, only, cache, server, conf, daemonPid, connections, depth, sessions, subscriptions, idle, wallet, notifications, set,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            LoadThread.Prepare();
            var options = new ServeOptions
            {
                Server = parsed.GetValue(server)!,
                Cache = Directory.CreateDirectory(parsed.GetValue(cache)!).FullName,
                Shape = CommonOptions.ShapeOf(parsed.GetValue(shape)!),
                Blocks = parsed.GetValue(blocks),
                Seed = parsed.GetValue(seed),
                Runs = parsed.GetValue(runs),
                Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Connections = parsed.GetValue(connections),
                Depth = parsed.GetValue(depth),
                Only = parsed.GetValue(only)?.Split(',') ?? [],
                Configuration = parsed.GetValue(conf),
                DaemonPid = parsed.GetValue(daemonPid),
                Further = parsed.GetValue(set) ?? [],
                Sessions = parsed.GetValue(sessions),
                SubscriptionsPerSession = parsed.GetValue(subscriptions),
                IdleConnections = parsed.GetValue(idle),
                WalletScripts = parsed.GetValue(wallet),
                Notifications = parsed.GetValue(notifications),
            };
            IReadOnlyList<ServeRow> rows = await new ServeBenchmark(options, Console.Error).MeasureAsync(cancellation);
            await Console.Out.WriteAsync(ServeTable.Write(rows));
            // A benchmark that measures errors is none.
            return rows.All(row => row.Failure is null) ? 0 : 1;
        });
        return command;
    }
}
