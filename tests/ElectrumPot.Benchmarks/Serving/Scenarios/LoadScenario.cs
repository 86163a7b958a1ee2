// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>A load of requests in a closed or, with a rate, in an open loop.</summary>
internal sealed record LoadScenario(string Name, RequestMix Mix) : IScenario
{
    private const int MixedRequests = 150_000;

    /// <summary>Fewer than a session may watch, for each connection goes round all of them.</summary>
    private const int Subscriptions = 40_000;

    public bool Tls { get; init; }

    /// <summary>Null as the options say.</summary>
    public int? Connections { get; init; }

    /// <summary>Null as the options say.</summary>
    public int? Depth { get; init; }

    /// <summary>Requests per second of an open loop.</summary>
    public double? PerSecond { get; init; }

    /// <summary>History entries of the scripts that are asked for.</summary>
    public (int AtLeast, int AtMost) Entries { get; init; } = (1, 1_000);

    public bool NeedsWarmServer => true;

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        LoadShape shape = ShapeFor(context.Options);
        LoadOutcome yardstick = await context.Yardstick.MeasureAsync(context.Bed, shape, context.Run, cancellation);
        LoadOutcome outcome = Mix.ShareOf(RequestKind.Ping) == Mix.Whole
            ? yardstick
            : await new LoadRunner(context.Bed).RunAsync(Order(context, shape), cancellation);
        return new ScenarioRun(FiguresOf(outcome, yardstick), [], outcome.Failure);
    }

    public LoadOrder Order(ScenarioContext context, LoadShape shape)
    {
        bool subscribesOnly = Mix.ShareOf(RequestKind.Subscribe) == Mix.Whole;
        ArraySegment<ScriptFact> scripts = context.Bed.Facts.ScriptsWith(Entries.AtLeast, Entries.AtMost);
        RequestList requests = RequestDraw.Make(Mix, context.Bed.Facts, scripts, subscribesOnly ? Subscriptions : MixedRequests, context.Seed);
        return new LoadOrder(shape, requests, context.Options.Length, PerSecond, context.Seed);
    }

    public LoadShape ShapeFor(ServeOptions options) => new(Tls, Connections ?? options.Connections, Depth ?? options.Depth);

    private static LoadFigures FiguresOf(LoadOutcome outcome, LoadOutcome yardstick) => new(
        outcome.PerSecond,
        outcome.Latency.Percentile(0.50).TotalMilliseconds,
        outcome.Latency.Percentile(0.99).TotalMilliseconds,
        outcome.Per10000(outcome.ServerCpu),
        outcome.DaemonCpu is { } daemon ? outcome.Per10000(outcome.ServerCpu + daemon) : null,
        outcome.Per10000(outcome.GeneratorCpu),
        outcome.Resident,
        yardstick.PerSecond);
}
