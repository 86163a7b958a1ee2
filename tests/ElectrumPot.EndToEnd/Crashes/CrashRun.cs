// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>The node, the store that nothing happens to, the server that everything happens to, and the dice.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private const int Blocks = 3_000;
    private const int FirstPruningLimit = 64;

    private readonly TemporaryDevNode _node = new();
    private readonly Random _random;
    private readonly CrashReport _report;
    private ReferenceStore? _reference;
    private Victim? _victim;

    public CrashRun(CrashPlan plan, CrashReport report)
    {
        _random = new Random(plan.Seed);
        _report = report;
    }

    public DevNode Node => _node.Node;

    public Victim Victim => _victim!;

    /// <summary>How long an import of the whole chain takes.</summary>
    public TimeSpan ImportTime { get; private set; }

    /// <summary>How long the end of the import takes after the last block.</summary>
    public TimeSpan ImportEndTime { get; private set; }

    public TimeSpan StartTime { get; private set; }

    /// <summary>Makes the chain, and lets a server import it once without disturbance, to know the times.</summary>
    public async Task StartAsync()
    {
        await _node.StartAsync(new DevNodeOptions
        {
            BlockCount = Blocks, LastPowHeight = Blocks / 2, TransactionsPerBlock = 4, Seed = (ulong)_random.Next(), SlowWrites = false,
        });
        _reference = new ReferenceStore(Node);
        await NewVictimAsync();
        Victim.Launch();
        await Victim.SaysAsync(["importing blocks"]);
        TimeSpan begin = Victim.SinceLaunch;
        await Victim.SaysAsync(["finishing the import"]);
        TimeSpan end = Victim.SinceLaunch;
        await Victim.SaysAsync(["caught up with the daemon"]);
        (ImportTime, ImportEndTime) = (end - begin, Victim.SinceLaunch - end);
        await Victim.AnswersWalletAsync();
        await Victim.Server.StopAsync();
        _reference.ShouldEqual(Victim);
        Victim.Launch();
        (_, _, StartTime) = await Victim.AnswersWalletAsync();
    }

    /// <summary>An empty data folder.</summary>
    public async Task NewVictimAsync(int pruningLimit = FirstPruningLimit)
    {
        if (_victim is not null) await _victim.DisposeAsync();
        _victim = new Victim(_node, pruningLimit, storesTransactions: _random.Next(2) == 0) { HighestTip = Node.Chain.Height };
    }

    /// <summary>A moment between now and then, any as likely as the other.</summary>
    public TimeSpan Within(TimeSpan longest) => longest * _random.NextDouble();

    public int Between(int low, int high) => _random.Next(low, high + 1);

    /// <summary>Mines while something else happens.</summary>
    public async Task WhileMiningAsync(Func<Task> action)
    {
        using var stop = new CancellationTokenSource();
        Task mining = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Node.AddRandomTransactions(4);
                    Node.MineBlock();
                    // The pace of the chain, so that the server is sometimes ahead of the next block and sometimes behind.
                    await Task.Delay(15, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            },
            TestContext.Current.CancellationToken);
        try
        {
            await action();
        }
        finally
        {
            await stop.CancelAsync();
            await mining;
            NoteTip();
        }
    }

    public void Reorganise(int depth)
    {
        if (depth > Victim.ReorgLimit)
        {
            Victim.LastLostSpend = Math.Max(Victim.LastLostSpend, Node.Chain.Height - depth);
            // With the blocks that the node has left the index goes back to the fork, without them it is built anew.
            Node.Faults.HasNoStaleBlocks = _random.Next(2) == 0;
        }

        _reference!.LearnStale(Node.Reorg(depth, depth + Between(1, 3)));
        NoteTip();
    }

    /// <summary>Kills, and holds what is left against the reference.</summary>
    /// <param name="known">What it is doing, where its log does not tell.</param>
    /// <param name="settle">Waits for what else is at work on the folder.</param>
    public async Task<CrashPhase> KillAsync(CrashPhase? known = null, Func<Task>? settle = null)
    {
        NoteTip();
        await Victim.KillAsync();
        if (settle is not null) await settle();
        CrashPhase phase = known ?? Victim.Phase;
        StoreState state = _reference!.ShouldEqual(Victim);
        // The log does not say when this is done.
        if (phase == CrashPhase.LoweredLimit && !state.IsPruningDue) phase = CrashPhase.Following;
        await VerifyAsync();
        _report.Killed(phase, state);
        return phase;
    }

    /// <summary>Starts it again and waits for its answers; a start that took too long is measured again, in case another program was at fault.</summary>
    public async Task StartAgainAsync()
    {
        Victim.Launch();
        if (!Victim.IsImported)
        {
            (_, _, TimeSpan status) = await Victim.AnswersAdministratorAsync();
            _report.Answered(status, isServing: false);
            return;
        }

        const int Attempts = 10;
        for (int attempt = 1; ; attempt++)
        {
            (byte[] header, int height, TimeSpan time) = await Victim.AnswersWalletAsync();
            DevBlock block = Node.Chain.FindBlock(BlockHeader.HashOf(header)).ShouldNotBeNull("a wallet was shown a block that never was");
            block.Height.ShouldBe(height);
            Victim.HasLeftovers.ShouldBeFalse("what a killed snapshot has left takes room");
            if (time <= CrashReport.LongestStart || attempt == Attempts)
            {
                _report.Answered(time, isServing: true);
                time.ShouldBeLessThanOrEqualTo(CrashReport.LongestStart, Victim.Server.Process.Output);
                return;
            }

            _report.RepeatedStarts++;
            await Victim.KillAsync();
            // Whatever has taken the processors may be done by then.
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            Victim.Launch();
        }
    }

    /// <summary>After all the kills: at the node's tip, and equal to what nothing has happened to.</summary>
    public async Task EndAsync()
    {
        await Victim.ReachesAsync(Node.Chain.Tip.Hash);
        await Victim.Server.StopAsync();
        _reference!.ShouldEqual(Victim).ShouldBe(new StoreState(Node.Chain.Height, IsPruningDue: false, IsWithinCommit: false));
        await VerifyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_victim is not null) await _victim.DisposeAsync();
        _reference?.Dispose();
        await _node.DisposeAsync();
    }

    private void NoteTip() => Victim.HighestTip = Math.Max(Victim.HighestTip, Node.Chain.Height);

    private async Task VerifyAsync()
    {
        if (!Directory.Exists(Victim.IndexFolder)) return;
        (int code, string output) = await Victim.Server.CommandAsync("db", "verify");
        code.ShouldBe(0, output);
        _report.Verified++;
    }
}
