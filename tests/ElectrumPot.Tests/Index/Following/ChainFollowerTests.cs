// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>The follower against a simulated potcoind that moves, lies and goes away.</summary>
public sealed class ChainFollowerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Imports_both_eras_and_follows_blocks_and_mempool(int pruningLimit)
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(pruningLimit);
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
        run.Index.Serving.IsCompleted.ShouldBeTrue();
        run.Index.Progress.State.ShouldBe(IndexState.CaughtUp);

        for (int i = 0; i < 5; i++)
        {
            run.Node.AddRandomTransactions(8);
            await run.CaughtUpAsync();
            run.Node.MineBlocks(2);
            await run.CaughtUpAsync();
        }

        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Replaced_blocks_leave_no_trace_and_their_transactions_return_to_the_mempool()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        for (int depth = 1; depth <= 12; depth += 5)
        {
            run.Node.AddRandomTransactions(6);
            run.Node.MineBlocks(depth);
            await run.CaughtUpAsync();
            run.Node.Reorg(depth, depth + 1);
            await run.CaughtUpAsync();
            run.ShouldAgreeWithNode();
        }
    }

    [Fact]
    public async Task A_reorganisation_beyond_the_undo_data_builds_anew_while_the_old_state_is_served()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 5);
        await run.CaughtUpAsync();
        Hash256 before;
        using (ChainView view = run.Index.AcquireView())
            before = view.TipHash;

        run.Node.Reorg(20, 21);
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
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_daemon_that_goes_away_and_comes_back_changes_nothing()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        run.Node.Faults.RefuseConnections = true;
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the daemon missed");
        run.Index.Progress.Warning.ShouldNotBeNullOrEmpty();
        run.ShouldAgreeWithNode();
        run.Node.MineBlocks(3);
        run.Node.Faults.RefuseConnections = false;
        await run.CaughtUpAsync();
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.CaughtUp, "the daemon found again");
        run.Index.Progress.Warning.ShouldBeNull();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_daemon_that_reindexes_is_waited_for_and_no_block_is_given_up()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        run.Node.Faults.Reindexing(0, 5);
        int lowest = int.MaxValue;
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the daemon behind");
        run.Index.Progress.Warning!.ShouldContain("behind");
        await run.UntilAsync(
            () =>
            {
                using ChainView view = run.Index.AcquireView();
                lowest = Math.Min(lowest, view.Height);
                return run.Index.Progress.State == IndexState.CaughtUp;
            },
            "the daemon at the tip again");
        lowest.ShouldBe(run.Node.Chain.Height);
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Safe_mode_is_waited_out()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        run.Node.Faults.SafeMode = "Warning: Displayed transactions may not be correct!";
        run.Node.MineBlock();
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "safe mode noticed");
        run.Node.Faults.SafeMode = null;
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_block_that_is_not_the_one_asked_for_is_not_indexed()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        int height = run.Node.Chain.Height;
        run.Node.Faults.WrongBlock = true;
        run.Node.MineBlocks(2);
        await run.UntilAsync(() => run.DaemonStatus.State == DaemonState.Malformed, "the wrong block noticed");
        using (ChainView view = run.Index.AcquireView())
            view.Height.ShouldBe(height);
        run.Node.Faults.WrongBlock = false;
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Mempool_transactions_that_vanish_between_two_questions_are_absent()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        run.Node.Faults.MempoolTransactionVanishes = true;
        run.Node.AddRandomTransactions(3);
        run.Node.MineBlock();
        run.Node.AddRandomTransactions(2);
        await run.UntilAsync(
            () =>
            {
                using ChainView view = run.Index.AcquireView();
                return view.TipHash == run.Node.Chain.Tip.Hash;
            },
            "the block");
        run.Node.Faults.MempoolTransactionVanishes = false;
        await run.CaughtUpAsync();
    }

    [Fact]
    public async Task Every_change_of_a_history_is_announced_as_touched()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        byte[] script = run.Node.Chain.Blocks[^1].Transactions[^1].Outputs[^1].Script;
        var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        run.Node.PayToScript(script, 1_000_000);
        await TouchedAsync(run, HashX.OfScript(script), mustMoveTip: false, deadline.Token);
        run.Node.MineBlock();
        await TouchedAsync(run, HashX.OfScript(script), mustMoveTip: true, deadline.Token);
        deadline.Dispose();
    }

    private static async Task TouchedAsync(FollowerFixture run, HashX script, bool mustMoveTip, CancellationToken cancellation)
    {
        ChainUpdate update;
        do
            update = await run.Index.Updates.NextAsync(cancellation);
        while (!update.Touched.Contains(script));
        if (mustMoveTip) update.TipChanged.ShouldBeTrue();
    }
}
