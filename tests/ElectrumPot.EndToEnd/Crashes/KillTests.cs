// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>Nothing else runs beside these tests: they measure times, and their kills should hit what they aim at.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// The server is killed with SIGKILL at random moments of everything it does. After each kill its store has to equal one
/// that was built without interruption, and the next start has to answer within two seconds.
/// </summary>
[Collection(nameof(Alone))]
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_server_killed_at_any_moment_has_lost_nothing_and_is_back_at_once()
    {
        CrashPlan plan = CrashPlan.FromEnvironment();
        output.WriteLine($"ELECTRUM_POT_CRASH_KILLS={plan.Kills} ELECTRUM_POT_CRASH_SEED={plan.Seed}");
        var report = new CrashReport();
        await using var run = new CrashRun(plan, report);
        await run.StartAsync();
        output.WriteLine($"start {run.StartTime.TotalSeconds:0.00} s, import {run.ImportTime.TotalSeconds:0.00} s, its end {run.ImportEndTime.TotalSeconds:0.00} s");

        var scenes = new CrashScenes(run, report);
        try
        {
            foreach (CrashPhase phase in CrashPlan.Phases)
                await scenes.PlayAsync(phase, plan.Wanted(phase));
            await run.EndAsync();
        }
        finally
        {
            output.WriteLine(report.ToString());
        }

        foreach (CrashPhase phase in CrashPlan.Phases)
            report.Hits(phase).ShouldBeGreaterThan(0, $"no kill has hit {phase}");
    }
}
