// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>Many TLS sessions that watch scripts, and a block that touches one script of each of a thousand of them.</summary>
internal sealed class SessionsScenario : IScenario
{
    private const int Touched = 1_000;

    /// <summary>More at a time would only queue for the two sides of the handshake.</summary>
    private const int DialledAtOnce = 8;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "sessions";

    public bool NeedsNewBlocks => true;

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        int count = context.Options.Sessions;
        FileHandles.Require(count);
        ServingBed bed = context.Bed;
        await bed.FreshenAsync(cancellation);
        HashSet<Hash256> touched = bed.LookAhead();
        Hash256[][] plans = Plan(bed.Facts, touched, count, context.Options.SubscriptionsPerSession);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watchers = new Watcher[count];
        Task[] listening = [];
        try
        {
            ProcessFigures before = bed.Server.Figures;
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = DialledAtOnce, CancellationToken = cancellation }, async (i, token) =>
            {
                watchers[i] = new Watcher(await bed.Server.Dialer.OpenAsync(tls: true, token), plans[i], touched);
                await watchers[i].SubscribeAsync(token);
            });
            await Task.Yield();
            await Task.Delay(Rest, cancellation);
            ProcessFigures after = bed.Server.Figures;
            listening = [.. watchers.Select(watcher => watcher.ListenAsync(ended.Token))];
            int expected = plans.Sum(plan => plan.Count(touched.Contains));
            long shown = await bed.ShowNextBlockAsync(cancellation);
            await Task.Yield();
            await UntilAsync(() => watchers.Sum(watcher => watcher.Notified) >= expected, cancellation);
            long[] times = [.. watchers.Where(watcher => watcher.Notified > 0).Select(watcher => watcher.LastAt)];
            int notified = watchers.Sum(watcher => watcher.Notified);
            string? failure = watchers.Select(watcher => watcher.Failure).FirstOrDefault(one => one is not null);
            return ScenarioRun.Of(
                failure,
                new Figure("sessions", count, "N0"),
                new Figure("subscriptions in each", context.Options.SubscriptionsPerSession, "N0"),
                new Figure("resident kB for each session", (after.Resident - before.Resident) / 1e3 / count, "0.0"),
                new Figure("server CPU ms for each session", (after.Cpu - before.Cpu).TotalMilliseconds / count, "0.00"),
                new Figure("notifications expected", expected, "N0"),
                new Figure("lost", expected - notified, "N0"),
                new Figure("block to first notification s", times.Length == 0 ? double.NaN : Stopwatch.GetElapsedTime(shown, times.Min()).TotalSeconds, "0.00"),
                new Figure("block to last notification s", times.Length == 0 ? double.NaN : Stopwatch.GetElapsedTime(shown, times.Max()).TotalSeconds, "0.00"));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(listening);
            foreach (Watcher? watcher in watchers)
            {
                if (watcher is not null) await watcher.DisposeAsync();
            }

            await bed.FreshenAsync(CancellationToken.None);
        }
    }

    /// <summary>The first thousand sessions, or all where there are fewer, watch one script that the block touches; all else is untouched.</summary>
    private static Hash256[][] Plan(ChainFacts facts, HashSet<Hash256> touched, int sessions, int each)
    {
        ScriptFact[] calm = [.. facts.ScriptsWith(1, 1_000).Where(script => !touched.Contains(script.Hash))];
        Hash256[] busy = [.. facts.ScriptsWith(1, 1_000).Where(script => touched.Contains(script.Hash)).Select(script => script.Hash)];
        if (busy.Length == 0) throw new InvalidOperationException("The next block touches no script that was there before.");
        var plans = new Hash256[sessions][];
        int next = 0;
        for (int i = 0; i < sessions; i++)
        {
            plans[i] = new Hash256[each];
            for (int j = 0; j < each; j++)
                plans[i][j] = calm[next++ % calm.Length].Hash;
            if (i < Touched && each > 0) plans[i][0] = busy[i % busy.Length];
        }

        return plans;
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < Patience)
            await Task.Delay(10, cancellation);
        // One too many would come late.
        await Task.Delay(Rest, cancellation);
    }
}
