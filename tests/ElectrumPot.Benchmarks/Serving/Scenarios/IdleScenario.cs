// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>TLS connections that were opened one after another, have one subscription each, and are silent then.</summary>
internal sealed class IdleScenario : IScenario
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public string Name => "idle";

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        int count = context.Options.IdleConnections;
        FileHandles.Require(count);
        ServingBed bed = context.Bed;
        // What other scenarios left behind is not these connections'.
        await bed.FreshenAsync(cancellation);
        ArraySegment<ScriptFact> scripts = bed.Facts.ScriptsWith(1, 1_000);
        var connections = new List<Stream>(count);
        string? failure = null;
        try
        {
            // The first ones make the server compile what it needs for them.
            const int WarmUp = 20;
            await ConnectAsync(WarmUp);
            await Task.Delay(Rest, cancellation);
            ProcessFigures before = bed.Server.Figures;
            await ConnectAsync(count);
            ProcessFigures connected = bed.Server.Figures;
            await Task.Delay(Rest, cancellation);
            ProcessFigures after = bed.Server.Figures;
            await Task.Delay(Rest, cancellation);
            ProcessFigures later = bed.Server.Figures;
            return ScenarioRun.Of(
                failure,
                new Figure("connections", count, "N0"),
                new Figure("resident kB for each", (after.Resident - before.Resident) / 1e3 / count, "0.0"),
                new Figure("server CPU ms for each connect", (connected.Cpu - before.Cpu).TotalMilliseconds / count, "0.00"),
                new Figure("server CPU ms a second, 2 s later", (later.Cpu - after.Cpu).TotalMilliseconds / Rest.TotalSeconds, "0"));
        }
        finally
        {
            foreach (Stream connection in connections)
                await connection.DisposeAsync();
            await bed.FreshenAsync(CancellationToken.None);
        }

        async Task ConnectAsync(int number)
        {
            for (int i = 0; i < number && failure is null; i++)
            {
                Stream stream = await bed.Server.Dialer.OpenAsync(tls: true, cancellation);
                connections.Add(stream);
                var subscription = new RequestList();
                subscription.Add(new Expectation(RequestKind.Subscribe, scripts[connections.Count % scripts.Count].Hash));
                failure = await new Conversation(stream, 1).AskAllAsync(subscription, static (_, _) => { }, cancellation);
            }
        }
    }
}
