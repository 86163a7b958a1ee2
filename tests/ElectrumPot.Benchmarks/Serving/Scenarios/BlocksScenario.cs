// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>The mix while a block of 600 transactions arrives each second, beside the mix without.</summary>
internal sealed class BlocksScenario(LoadScenario mix) : IScenario
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public string Name => "blocks";

    public bool NeedsNewBlocks => true;

    public bool NeedsWarmServer => true;

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        LoadOrder order = mix.Order(context, mix.ShapeFor(context.Options));
        LoadOutcome idle = await new LoadRunner(context.Bed).RunAsync(order, cancellation);
        int blocks = 0;
        LoadOutcome busy = await new LoadRunner(context.Bed).RunAsync(order, cancellation, async closed =>
        {
            using var timer = new PeriodicTimer(Interval);
            try
            {
                do
                {
                    await context.Bed.ShowNextBlockAsync(closed);
                    blocks++;
                }
                while (await timer.WaitForNextTickAsync(closed));
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The window has closed.
            }
        });
        double quiet = idle.Latency.Percentile(0.99).TotalMilliseconds;
        double loaded = busy.Latency.Percentile(0.99).TotalMilliseconds;
        return ScenarioRun.Of(
            idle.Failure ?? busy.Failure,
            new Figure("blocks of 600 transactions", blocks, "N0"),
            new Figure("p99 ms without blocks", quiet, "0.00"),
            new Figure("p99 ms with a block a second", loaded, "0.00"),
            new Figure("ratio", loaded / quiet, "0.00"),
            new Figure("requests/s without blocks", idle.PerSecond, "N0"),
            new Figure("requests/s with blocks", busy.PerSecond, "N0"),
            new Figure("longest ms with blocks", busy.Latency.Max.TotalMilliseconds, "0.0"));
    }
}
