// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Chain.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Server.Configuration;

var blocks = new Option<string>("--blocks") { Description = "Lengths of the chains, separated by commas.", HelpName = "N,N", DefaultValueFactory = _ => "20000" };
var runs = new Option<int>("--runs") { Description = "Runs of each kind; the table has the medians.", HelpName = "N", DefaultValueFactory = _ => 3 };
var shape = new Option<string>("--shape") { Description = "busy: as a large coin; quiet: as Potcoin, staked and nearly empty.", HelpName = "NAME", DefaultValueFactory = _ => "busy" };
var seed = new Option<ulong>("--seed") { Description = "Another seed, another chain.", HelpName = "N", DefaultValueFactory = _ => 1 };
var source = new Option<string>("--source") { Description = "Which to measure: files, rpc, daemon.", HelpName = "NAME,NAME", DefaultValueFactory = _ => "files,rpc,daemon" };
var cache = new Option<string>("--cache") { Description = "Where chains are kept and databases are made.", HelpName = "FOLDER", Required = true };
var server = new Option<string>("--server") { Description = "The executable to measure. Default: the one that was built with this program.", HelpName = "FILE", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "electrum-pot-server") };
var conf = new Option<string?>("--conf") { Description = "A configuration of the server that names a real daemon, instead of a generated chain. Without [potcoind] datadir only RPC is measured.", HelpName = "FILE" };
var daemonPid = new Option<int?>("--daemon-pid") { Description = "Process of the daemon of --conf, whose CPU time is told as well.", HelpName = "PID" };
var set = new Option<string[]>("--set") { Description = "A further option of the server, such as 'rocksdb.pruning_limit = 0'.", HelpName = "LINE" };

var import = new Command("import", "Import chains from block files and over RPC, and print a table of what it took.");
foreach (Option option in new Option[] { blocks, runs, shape, seed, source, cache, server, conf, daemonPid, set }) import.Options.Add(option);
import.SetAction(async (parsed, cancellation) =>
{
    var options = new ImportBenchmarkOptions(
        parsed.GetValue(server)!,
        Directory.CreateDirectory(parsed.GetValue(cache)!).FullName,
        parsed.GetValue(runs),
        [.. parsed.GetValue(source)!.Split(',').Select(ToSource)],
        parsed.GetValue(set) ?? []);
    var benchmark = new ImportBenchmark(options, Console.Error);
    var rows = new List<ImportRow>();
    if (parsed.GetValue(conf) is { } file)
    {
        rows.AddRange(await benchmark.MeasureAsync(ImportTarget.Read(file, parsed.GetValue(daemonPid)), cancellation));
    }
    else
    {
        ChainShape wanted = ChainShape.All.FirstOrDefault(known => known.Name == parsed.GetValue(shape)) ?? throw new ArgumentException($"no shape '{parsed.GetValue(shape)}'");
        foreach (string length in parsed.GetValue(blocks)!.Split(','))
            rows.AddRange(await benchmark.MeasureGeneratedAsync(wanted, int.Parse(length, CultureInfo.InvariantCulture), parsed.GetValue(seed), cancellation));
    }

    await Console.Out.WriteAsync(ImportTable.Write(rows));
});

var folder = new Argument<string>("folder") { Description = "Of a generated chain." };
var serve = new Command("serve", "Hand out a generated chain over JSON-RPC until standard input ends; used by import.");
serve.Arguments.Add(folder);
serve.SetAction(parsed => RpcDaemon.Run(parsed.GetValue(folder)!));

var root = new RootCommand("Benchmarks of the Electrum-POT server.") { import, serve };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IOException or DaemonException or ConfigurationException or IniFormatException)
{
    await Console.Error.WriteLineAsync($"error: {failure.Message}");
    return 1;
}

static ImportSource ToSource(string name) => name switch
{
    "files" => ImportSource.BlockFiles,
    "rpc" => ImportSource.Rpc,
    "daemon" => ImportSource.DaemonAlone,
    _ => throw new ArgumentException($"no source '{name}'; there are files, rpc and daemon"),
};
