// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Importing;

namespace ElectrumPot.Benchmarks.Commands;

/// <summary><c>import</c>: what an import costs.</summary>
internal static class ImportCommand
{
    public static Command Make()
    {
        var blocks = new Option<string>("--blocks") { Description = "Lengths of the chains, separated by commas.", HelpName = "N,N", DefaultValueFactory = _ => "20000" };
        Option<int> runs = CommonOptions.Runs();
        Option<string> shape = CommonOptions.Shape();
        Option<ulong> seed = CommonOptions.Seed();
        var source = new Option<string>("--source") { Description = "Which to measure: files, rpc, daemon.", HelpName = "NAME,NAME", DefaultValueFactory = _ => "files,rpc,daemon" };
        Option<string> cache = CommonOptions.Cache();
        Option<string> server = CommonOptions.Server();
        Option<string?> conf = CommonOptions.Configuration("Without [potcoind] datadir only RPC is measured.");
        Option<int?> daemonPid = CommonOptions.DaemonPid();
        Option<string[]> set = CommonOptions.Set();

        var command = new Command("import", "Import chains from block files and over RPC, and print a table of what it took.") { blocks, runs, shape, seed, source, cache, server, conf, daemonPid, set };
        command.SetAction(async (parsed, cancellation) =>
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
                ChainShape wanted = CommonOptions.ShapeOf(parsed.GetValue(shape)!);
                foreach (string length in parsed.GetValue(blocks)!.Split(','))
                    rows.AddRange(await benchmark.MeasureGeneratedAsync(wanted, int.Parse(length, CultureInfo.InvariantCulture), parsed.GetValue(seed), cancellation));
            }

            await Console.Out.WriteAsync(ImportTable.Write(rows));
        });
        return command;
    }

    private static ImportSource ToSource(string name) => name switch
    {
        "files" => ImportSource.BlockFiles,
        "rpc" => ImportSource.Rpc,
        "daemon" => ImportSource.DaemonAlone,
        _ => throw new ArgumentException($"no source '{name}'; there are files, rpc and daemon"),
    };
}
