// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>One value of a run.</summary>
/// <param name="Format">As for numbers, such as <c>0.0</c>.</param>
internal sealed record Figure(string Name, double Value, string Format);

/// <summary>What a run of a scenario found.</summary>
/// <param name="Load">Null for a scenario that is no load of requests.</param>
/// <param name="Failure">Why the figures count for nothing; null when they do.</param>
internal sealed record ScenarioRun(LoadFigures? Load, IReadOnlyList<Figure> Figures, string? Failure)
{
    public static ScenarioRun Of(string? failure, params Figure[] figures) => new(null, figures, failure);
}

/// <summary>The columns of a load.</summary>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="ServerCpu">Seconds for 10,000 requests.</param>
/// <param name="AllCpu">The same with the daemon's; null where its process is not known.</param>
/// <param name="GeneratorCpu">Seconds of the load generator for 10,000 requests.</param>
/// <param name="Resident">Bytes, at the end of the run.</param>
/// <param name="Yardstick">Pings answered in a second in the same run, over as many connections of the same kind with the same depth.</param>
internal sealed record LoadFigures(double PerSecond, double P50, double P99, double ServerCpu, double? AllCpu, double GeneratorCpu, long Resident, double Yardstick);

/// <summary>A kind of work that is measured.</summary>
internal interface IScenario
{
    /// <summary>As <c>--only</c> names it.</summary>
    string Name { get; }

    /// <summary>Needs a chain that goes on, which only a generated one does on demand.</summary>
    bool NeedsNewBlocks => false;

    /// <summary>Is to be measured on a server that has compiled its hot paths.</summary>
    bool NeedsWarmServer => false;

    Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation);
}

/// <summary>What a run of a scenario is given.</summary>
/// <param name="Run">From 1 on.</param>
internal sealed record ScenarioContext(ServingBed Bed, ServeOptions Options, Yardstick Yardstick, int Run)
{
    /// <summary>Each run draws anew.</summary>
    public ulong Seed => (Options.Seed << 16) + (ulong)Run;
}
