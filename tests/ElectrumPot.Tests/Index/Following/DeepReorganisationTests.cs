// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>Reorganisations deeper than the undo data reach.</summary>
public sealed class DeepReorganisationTests
{
    private const string RestoredWords = "are made once more";
    private const string AnewWords = "is built anew";

    [Theory]
    [InlineData(0, "index")]
    [InlineData(100, "index")]
    [InlineData(0, "blocks")]
    [InlineData(100, "store")]
    public async Task Go_back_to_the_fork_with_what_the_daemon_still_has(int pruningLimit, string place)
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(pruningLimit, reorgLimit: 5, storeTransactions: place == "store");
        await run.CaughtUpAsync();
        // Where the store has the transactions, the daemon must not be asked for them.
        run.Node.Faults.HasNoTransactionIndex = place != "index";
        Hash256 before = run.Node.Chain.Tip.Hash;

        run.Node.Reorg(100, 101);
        Hash256 after = run.Node.Chain.Tip.Hash;
        bool isBetween = false;
        await run.UntilAsync(
            () =>
            {
                using ChainView view = run.Index.AcquireView();
                isBetween |= view.TipHash != before && view.TipHash != after;
                return view.TipHash == after;
            },
            "the other chain");
        isBetween.ShouldBeFalse("only whole states may be shown");
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.CaughtUp, "caught up");
        run.ShouldAgreeWithNode();
        Said(run, RestoredWords).ShouldBeTrue();
        Said(run, AnewWords).ShouldBeFalse();
        await run.VerifyAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Keep_balances_and_unspent_outputs_exact_where_old_spends_have_been_pruned()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(pruningLimit: 1, reorgLimit: 5);
        await run.CaughtUpAsync();
        run.Node.AddRandomTransactions(8);
        run.Node.MineBlocks(10);
        await run.CaughtUpAsync();
        run.Node.Reorg(80, 90);
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode(withHistories: false);
        Said(run, "spends beyond pruning_limit = 1 that were removed do not come back").ShouldBeTrue();
        Said(run, AnewWords).ShouldBeFalse();
        await run.VerifyAsync();
    }

    [Fact]
    public async Task Go_on_after_every_restart_where_they_were()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(pruningLimit: 0, reorgLimit: 5);
        await run.CaughtUpAsync();
        run.Node.Faults.DelayReplies = TimeSpan.FromMilliseconds(4);
        run.Node.Reorg(100, 101);
        int height = run.Index.Writer.Tip.Height;
        for (int restart = 0; restart < 4; restart++)
        {
            int reached = height - 5;
            await run.UntilAsync(() => run.Index.Writer.Tip.Height <= reached, $"block {reached} taken back");
            await run.VerifyAsync();
            height = Math.Min(reached, run.Index.Writer.Tip.Height);
        }

        run.Node.Faults.DelayReplies = TimeSpan.Zero;
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
        Said(run, AnewWords).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Build_anew_where_the_daemon_does_not_have_the_blocks_it_left(bool losesThemUnderWay)
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(pruningLimit: 2, reorgLimit: 5);
        await run.CaughtUpAsync();
        run.Node.Faults.HasNoStaleBlocks = !losesThemUnderWay;
        run.Node.Faults.DelayReplies = TimeSpan.FromMilliseconds(losesThemUnderWay ? 4 : 0);
        Hash256 before = run.Node.Chain.Tip.Hash;
        int height = run.Node.Chain.Height;
        run.Node.Reorg(100, 101);
        if (losesThemUnderWay)
        {
            await run.UntilAsync(() => run.Index.Writer.Tip.Height < height - 20, "some blocks taken back");
            run.Node.Faults.HasNoStaleBlocks = true;
            run.Node.Faults.DelayReplies = TimeSpan.Zero;
        }

        bool isBetween = false;
        await run.UntilAsync(
            () =>
            {
                using ChainView view = run.Index.AcquireView();
                isBetween |= view.TipHash != before && view.TipHash != run.Node.Chain.Tip.Hash;
                return view.TipHash == run.Node.Chain.Tip.Hash;
            },
            "the other chain");
        isBetween.ShouldBeFalse("only whole states may be shown");
        await run.CaughtUpAsync();
        Said(run, AnewWords).ShouldBeTrue();
        run.ShouldAgreeWithNode();
        await run.VerifyAsync();
    }

    [Fact]
    public async Task Wait_for_more_work_however_long_the_other_chain_is()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 5, patience: TimeSpan.Zero);
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        // Proof-of-work blocks of the simulation are worth next to nothing, so that this chain is longer and has less work.
        DevNode longer = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 200, LastPowHeight = 1000 });
        longer.Chain.Height.ShouldBeGreaterThan(first.Chain.Height);
        longer.Chain.BlockAt(20).Hash.ShouldBe(first.Chain.BlockAt(20).Hash);
        longer.Chain.Tip.ChainWork.ShouldBeLessThan(first.Chain.Tip.ChainWork);

        run.TurnTo(longer);
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the other chain refused");
        run.Index.Progress.Warning!.ShouldContain("no more work");
        longer.MineBlocks(5);
        await run.UntilAsync(() => run.Index.Progress.DaemonHeight == longer.Chain.Height, "its growth noticed");
        run.Index.Writer.Tip.Hash.ShouldBe(first.Chain.Tip.Hash);

        run.TurnTo(first);
        first.MineBlocks(2);
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
        Said(run, AnewWords).ShouldBeFalse();
    }

    [Fact]
    public async Task Compare_and_go_back_over_more_blocks_than_the_daemon_tells_at_once()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 10, blocks: 200);
        await run.CaughtUpAsync();
        run.Node.MineBlocks(2_200);
        await run.CaughtUpAsync();
        run.Node.Reorg(2_150, 2_160);
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
        Said(run, AnewWords).ShouldBeFalse();

        // Shorter by more than two thousand blocks: compared to the end, and waited for.
        DevNode shorter = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 40, Seed = 2 });
        run.TurnTo(shorter);
        await run.UntilAsync(() => run.Index.Progress.Warning?.Contains("no more work", StringComparison.Ordinal) == true, "the shorter chain refused");
    }

    private static bool Said(FollowerFixture run, string words) => run.Log.Lines.Any(line => line.Text.Contains(words, StringComparison.Ordinal));
}
