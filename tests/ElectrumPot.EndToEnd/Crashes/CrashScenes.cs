// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>Brings the server into each kind of work and kills it there at a random moment.</summary>
internal sealed class CrashScenes(CrashRun run, CrashReport report)
{
    /// <summary>Kills that may miss for each that is wanted: the work may be over before the moment comes.</summary>
    private const int Attempts = 5;

    private readonly Dictionary<CrashPhase, TimeSpan> _windows = [];

    /// <summary>Kills until the phase has been hit as often as wanted.</summary>
    public async Task PlayAsync(CrashPhase phase, int wanted)
    {
        int goal = report.Hits(phase) + wanted;
        for (int attempt = 0; report.Hits(phase) < goal && attempt < wanted * Attempts; attempt++)
        {
            CrashPhase hit = phase switch
            {
                CrashPhase.Start => await DuringStartAsync(),
                CrashPhase.Import => await DuringImportAsync(),
                CrashPhase.ImportEnd => await DuringImportEndAsync(),
                CrashPhase.Following => await WhileFollowingAsync(),
                CrashPhase.Reorganisation => await DuringReorganisationAsync(),
                CrashPhase.DeepReorganisation => await DuringDeepReorganisationAsync(),
                CrashPhase.Snapshot => await DuringSnapshotAsync(),
                _ => await DuringLoweredLimitAsync(),
            };
            if (_windows.TryGetValue(phase, out TimeSpan window))
                _windows[phase] = window * (hit == phase ? 1.1 : 0.7);
            // Sometimes the chain is another one when the server comes back, at the tip or in the midst of the first import.
            if (run.Between(1, 4) == 1) run.Reorganise(run.Between(1, Victim.ReorgLimit - 1));
            await run.StartAgainAsync();
        }
    }

    /// <summary>Until an import of the whole chain without disturbance would be over; the next start goes on with what is there.</summary>
    private async Task<CrashPhase> DuringImportAsync()
    {
        await ImportsAsync();
        await run.Victim.SaysAsync(["importing blocks", "finishing the import", "listening on"]);
        return await KillWithinAsync(run.ImportTime);
    }

    private async Task<CrashPhase> DuringImportEndAsync()
    {
        await ImportsAsync();
        await run.Victim.SaysAsync(["finishing the import", "listening on"]);
        return await KillWithinAsync(CrashPhase.ImportEnd, run.ImportEndTime);
    }

    private async Task<CrashPhase> DuringStartAsync()
    {
        await ServesAsync();
        await run.KillAsync();
        run.Victim.Launch();
        return await KillWithinAsync(run.StartTime);
    }

    private async Task<CrashPhase> WhileFollowingAsync()
    {
        await ServesAsync();
        CrashPhase hit = default;
        await run.WhileMiningAsync(async () => hit = await KillWithinAsync(TimeSpan.FromSeconds(0.8)));
        return hit;
    }

    private async Task<CrashPhase> DuringReorganisationAsync()
    {
        await ServesAsync();
        int before = run.Victim.Server.Process.Output.Length;
        run.Reorganise(run.Between(1, Victim.ReorgLimit - 1));
        await run.Victim.SaysAsync(["reorganisation:"], before);
        return await KillWithinAsync(CrashPhase.Reorganisation, TimeSpan.FromSeconds(0.2));
    }

    /// <summary>With all spends, for those that a limit has removed do not come back from so deep.</summary>
    private async Task<CrashPhase> DuringDeepReorganisationAsync()
    {
        if (run.Victim.PruningLimit != 0)
        {
            await run.NewVictimAsync(pruningLimit: 0);
            run.Victim.Launch();
        }

        await ServesAsync();
        int before = run.Victim.Server.Process.Output.Length;
        run.Reorganise(Victim.ReorgLimit + run.Between(20, 200));
        await run.Victim.SaysAsync(["deeper than can be undone"], before);
        return await KillWithinAsync(CrashPhase.DeepReorganisation, TimeSpan.FromSeconds(1));
    }

    /// <summary>The copy that was being made is either not there or in order; the database is none the wiser.</summary>
    private async Task<CrashPhase> DuringSnapshotAsync()
    {
        await ServesAsync();
        string file = Path.Combine(run.Victim.Server.Folder, $"{Guid.NewGuid():N}.tar");
        await using ChildProcess command = run.Victim.Server.StartCommand("snapshot", "create", file);
        // Without a server the command may open the database itself; it is looked at after that.
        CrashPhase hit = default;
        await run.WhileMiningAsync(async () => hit = await KillWithinAsync(
            CrashPhase.Snapshot, TimeSpan.FromSeconds(1), () => command.HasExited ? null : CrashPhase.Snapshot, () => command.WaitForExitAsync()));
        if (command.ExitCode != 0)
        {
            File.Exists(file).ShouldBeFalse(command.Output);
            return hit;
        }

        (int code, string output) = await ServerProcess.RunAsync("snapshot", "verify", file);
        code.ShouldBe(0, output);
        File.Delete(file);
        return hit;
    }

    /// <summary>The next start takes up the work; each further kill needs a lower limit, and in the end a new folder.</summary>
    private async Task<CrashPhase> DuringLoweredLimitAsync()
    {
        await ServesAsync();
        if (run.Victim.PruningLimit == 1)
        {
            await run.NewVictimAsync();
            run.Victim.Launch();
            await ServesAsync();
        }

        await run.Victim.Server.StopAsync();
        run.Victim.PruningLimit /= 2;
        run.Victim.Launch();
        await run.Victim.SaysAsync(["removing history"]);
        return await KillWithinAsync(CrashPhase.LoweredLimit, run.ImportEndTime);
    }

    /// <summary>Within a time that adapts to how long the work takes.</summary>
    private Task<CrashPhase> KillWithinAsync(CrashPhase phase, TimeSpan first, Func<CrashPhase?>? look = null, Func<Task>? settle = null)
    {
        _windows.TryAdd(phase, first);
        return KillWithinAsync(_windows[phase], look, settle);
    }

    /// <param name="look">Tells just before the kill what the log of the server does not tell.</param>
    /// <param name="settle">Waits for what else is at work on the folder.</param>
    private async Task<CrashPhase> KillWithinAsync(TimeSpan window, Func<CrashPhase?>? look = null, Func<Task>? settle = null)
    {
        await Task.Delay(run.Within(window), TestContext.Current.CancellationToken);
        return await run.KillAsync(look?.Invoke(), settle);
    }

    /// <summary>In a first import, or soon.</summary>
    private async Task ImportsAsync()
    {
        if (!run.Victim.IsImported) return;
        await run.NewVictimAsync();
        run.Victim.Launch();
    }

    /// <summary>At the node's tip, and wallets are answered.</summary>
    private async Task ServesAsync() => await run.Victim.ReachesAsync(run.Node.Chain.Tip.Hash);
}
