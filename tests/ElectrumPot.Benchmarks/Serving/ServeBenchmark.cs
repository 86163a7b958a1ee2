// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Benchmarks.Serving.Scenarios;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>All runs of a scenario.</summary>
internal sealed record ServeRow(IScenario Scenario, IReadOnlyList<ScenarioRun> Runs)
{
    public string? Failure => Runs.Select(run => run.Failure).FirstOrDefault(failure => failure is not null);
}

/// <summary>Measures answering again and again, the scenarios taking turns, so that a busy minute of the machine does not fall on one of them.</summary>
internal sealed class ServeBenchmark(ServeOptions options, TextWriter log)
{
    /// <summary>Full blocks are made in lots, so that a few more or less do not ask for another chain.</summary>
    private const int BlockLot = 60;

    /// <summary>Over TCP and over TLS, after each start of a server.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<ServeRow>> MeasureAsync(CancellationToken cancellation)
    {
        IReadOnlyList<IScenario> scenarios = AllScenarios.Find(options.Only);
        var runs = scenarios.ToDictionary(scenario => scenario, _ => new List<ScenarioRun>());
        // What cannot work is found out before hours of measuring.
        if (scenarios.Any(scenario => scenario is SessionsScenario)) FileHandles.Require(options.Sessions);
        if (scenarios.Any(scenario => scenario is IdleScenario)) FileHandles.Require(options.IdleConnections);
        var yardstick = new Yardstick(options);
        // Blocks come on demand only on a generated chain; a real daemon is measured beside it, one after the other.
        await MeasureAsync(scenarios.Where(scenario => !scenario.NeedsNewBlocks || options.Configuration is null), token => options.Configuration is null ? StartGeneratedAsync(token) : ServingBed.StartConfiguredAsync(options, token));
        if (options.Configuration is not null) await MeasureAsync(scenarios.Where(scenario => scenario.NeedsNewBlocks), StartGeneratedAsync);
        return [.. runs.Select(row => new ServeRow(row.Key, row.Value))];

        async Task MeasureAsync(IEnumerable<IScenario> some, Func<CancellationToken, Task<ServingBed>> start)
        {
            IScenario[] chosen = [.. some];
            if (chosen.Length == 0) return;
            await log.WriteLineAsync("importing");
            await using ServingBed bed = await start(cancellation);
            for (int run = 1; run <= options.Runs; run++)
            {
                foreach (IScenario scenario in chosen)
                {
                    if (scenario.NeedsWarmServer && !bed.IsWarm) await WarmUpAsync(bed, run, cancellation);
                    ScenarioRun done = await scenario.RunAsync(new ScenarioContext(bed, options, yardstick, run), cancellation);
                    runs[scenario].Add(done);
                    await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, run {run} of {options.Runs}: {Describe(done)}"));
                }
            }
        }
    }

    private async Task WarmUpAsync(ServingBed bed, int run, CancellationToken cancellation)
    {
        ServeOptions brief = options with { Length = WarmUp };
        foreach (bool tls in new[] { false, true })
        {
            var mix = new LoadScenario("warming up", RequestMix.Wallets) { Tls = tls };
            LoadOrder order = mix.Order(new ScenarioContext(bed, brief, new Yardstick(brief), run), mix.ShapeFor(brief));
            await new LoadRunner(bed).RunAsync(order, cancellation);
        }

        bed.IsWarm = true;
    }

    private static string Describe(ScenarioRun run)
    {
        string figures = run.Load is { } load
            ? string.Create(CultureInfo.InvariantCulture, $"{load.PerSecond:N0}/s, p50 {load.P50:0.000} ms, p99 {load.P99:0.000} ms, CPU {load.ServerCpu:0.000} s for 10,000, load generator {load.GeneratorCpu:0.000} s")
            : string.Join(", ", run.Figures.Select(figure => $"{figure.Name} {figure.Value.ToString(figure.Format, CultureInfo.InvariantCulture)}"));
        return run.Failure is { } failure ? $"FAILED: {failure} ({figures})" : figures;
    }

    private Task<ServingBed> StartGeneratedAsync(CancellationToken cancellation)
    {
        int wanted = options.Runs * ((int)Math.Ceiling(options.Length.TotalSeconds) + 3);
        int fullBlocks = (wanted + BlockLot - 1) / BlockLot * BlockLot;
        GeneratedChain chain = GeneratedChain.OpenOrMake(options.Cache, options.Shape, options.Blocks, options.Seed, log, fullBlocks);
        return ServingBed.StartGeneratedAsync(options, chain, options.Blocks, cancellation);
    }
}
