// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Daemon;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>What to measure.</summary>
/// <param name="Cache">Where generated chains are kept, and databases made for the time of a run.</param>
/// <param name="Further">Options of the server, such as <c>rocksdb.pruning_limit = 0</c>.</param>
internal sealed record ImportBenchmarkOptions(string Server, string Cache, int Runs, IReadOnlyList<ImportSource> Sources, IReadOnlyList<string> Further);

/// <summary>Imports chains again and again, the sources taking turns, so that a busy minute of the machine does not fall on one of them.</summary>
internal sealed class ImportBenchmark(ImportBenchmarkOptions options, TextWriter log)
{
    public async Task<IReadOnlyList<ImportRow>> MeasureGeneratedAsync(ChainShape shape, int height, ulong seed, CancellationToken cancellation)
    {
        GeneratedChain chain = GeneratedChain.OpenOrMake(options.Cache, shape, height, seed, log);
        using ServingProcess daemon = await ServingProcess.StartAsync(chain, cancellation);
        return await MeasureAsync(ImportTarget.Of(chain, daemon.Port, daemon.Id), cancellation);
    }

    public async Task<IReadOnlyList<ImportRow>> MeasureAsync(ImportTarget target, CancellationToken cancellation)
    {
        ServerConfiguration configuration = ConfigurationFile.Parse(target.Configure("/nowhere", 1, 2, withBlockFiles: false, []), target.Name);
        DaemonOptions daemon = PartOptions.Daemon(configuration);
        (int height, long? known) = await AskAsync(daemon, configuration, cancellation);
        var runs = options.Sources
            .Where(source => source != ImportSource.BlockFiles || target.DataFolder is not null)
            .ToDictionary(source => source, _ => new List<ImportRun>());
        long transactions = target.Transactions ?? known ?? 0;
        var server = new ServerUnderTest(options.Server, options.Cache, log);
        for (int run = 1; run <= options.Runs; run++)
        {
            foreach ((ImportSource source, List<ImportRun> done) in runs)
            {
                done.Add(source == ImportSource.DaemonAlone
                    ? await new BareClient(daemon.Endpoints[0], height).RunAsync(target.DaemonPid, cancellation)
                    : await server.ImportAsync(target, source, height, options.Further, cancellation));
                await log.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Name}, {height:N0} blocks, {ImportTable.NameOf(source)}, run {run} of {options.Runs}: {done[^1].Wall.TotalSeconds:0.0} s, CPU {done[^1].Cpu.TotalSeconds:0.0} s, peak {done[^1].PeakMemory >> 20} MiB, written {done[^1].Written / 1e6:0} MB, database {done[^1].DatabaseBytes / 1e6:0.0} MB"));
            }
        }

        return [.. runs.Select(row => new ImportRow(target.Name, height, transactions, row.Key, row.Value))];
    }

    private static async Task<(int Height, long? Transactions)> AskAsync(DaemonOptions daemon, ServerConfiguration configuration, CancellationToken cancellation)
    {
        await using var client = new DaemonClient(daemon, configuration.Coin, NullLogger<DaemonClient>.Instance, TimeProvider.System);
        ChainTip tip = await client.GetTipAsync(cancellation);
        return (tip.Height, await client.GetTransactionTotalAsync(tip, cancellation));
    }
}
