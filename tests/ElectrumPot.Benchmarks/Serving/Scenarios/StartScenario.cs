// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>From the start of the process on a finished index to its first answer.</summary>
internal sealed class StartScenario : IScenario
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public string Name => "start";

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        ServingBed bed = context.Bed;
        // The end of the process before does not belong to the start.
        await bed.Server.StopAsync();
        var clock = Stopwatch.StartNew();
        RunningServer server = await bed.RestartAsync();
        var question = new RequestList();
        question.Add(new Expectation(RequestKind.HeadersSubscribe));
        string? failure = null;
        while (true)
        {
            await server.RequireRunningAsync();
            try
            {
                await using Stream stream = await server.Dialer.OpenAsync(tls: false, cancellation);
                failure = await new Conversation(stream, 1).AskAllAsync(question, static (_, _) => { }, cancellation);
                break;
            }
            catch (IOException)
            {
                await Task.Delay(Pause, cancellation);
            }
        }

        double seconds = clock.Elapsed.TotalSeconds;
        await bed.Server.UntilServingAsync(bed.Facts.Height, cancellation);
        await Task.Delay(Settled, cancellation);
        return ScenarioRun.Of(
            failure,
            new Figure("seconds to the first answer", seconds, "0.00"),
            new Figure("resident MB a second later", server.Figures.Resident / 1e6, "0"));
    }
}
