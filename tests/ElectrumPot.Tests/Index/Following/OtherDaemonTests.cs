// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>A daemon that comes back shorter, empty, on another chain, or as another one: nothing that is sound is given up for it.</summary>
public sealed class OtherDaemonTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public async Task Shorter_on_the_same_chain_is_waited_for(int blocks)
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 10, patience: TimeSpan.Zero);
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        run.TurnTo(await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = blocks }));
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the daemon behind");
        run.Index.Progress.Warning!.ShouldContain($"{120 - blocks} behind the index");
        ShouldShow(run, first.Chain.Tip);

        // While it is away and after a restart of the server as well.
        await run.RestartAsync();
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the daemon still behind");
        ShouldShow(run, first.Chain.Tip);

        run.TurnTo(await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 125 }));
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_shorter_chain_with_less_work_is_waited_out()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        DevNode other = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 118 });
        other.Reorg(5, 4);
        run.TurnTo(other);
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the shorter chain noticed");
        run.Index.Progress.Warning!.ShouldContain("waiting whether it lasts");
        ShouldShow(run, first.Chain.Tip);
        run.TurnTo(first);
        first.MineBlock();
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_shorter_chain_that_lasts_is_followed_where_it_can_be_undone()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(patience: TimeSpan.FromMilliseconds(300));
        await run.CaughtUpAsync();
        DevNode other = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 118 });
        other.Reorg(5, 4);
        run.TurnTo(other);
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task A_shorter_chain_has_to_last_each_time_anew()
    {
        TimeSpan patience = TimeSpan.FromSeconds(2);
        await using FollowerFixture run = await FollowerFixture.StartAsync(patience: patience);
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        DevNode other = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 118 });
        other.Reorg(5, 4);
        for (int turn = 0; turn < 2; turn++)
        {
            run.TurnTo(other);
            await run.UntilAsync(() => run.Index.Progress.Warning?.Contains("waiting whether it lasts", StringComparison.Ordinal) == true, "the shorter chain noticed");
            run.TurnTo(first);
            await run.UntilAsync(() => run.Index.Progress.State == IndexState.CaughtUp, "back at the first");
            // Longer than it would have to last.
            await Task.Delay(patience, TestContext.Current.CancellationToken);
        }

        ShouldShow(run, first.Chain.Tip);
    }

    [Fact]
    public async Task Another_first_block_is_refused_even_where_the_exchange_goes_unnoticed()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 10, patience: TimeSpan.Zero);
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        DevNode other = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 200, Seed = 2 });
        other.Faults.WrongGenesis = true;
        run.TurnTo(other);
        await run.UntilAsync(() => run.Index.Progress.State == IndexState.WaitingForDaemon, "the other chain refused");
        // Proven again when the connection is noticed to have failed, found out by its blocks otherwise.
        run.Index.Progress.Warning!.ShouldMatch("from its first block on|is not of Potcoin");
        ShouldShow(run, first.Chain.Tip);
        run.Index.Writer.Tip.Hash.ShouldBe(first.Chain.Tip.Hash);
        run.TurnTo(first);
        first.MineBlock();
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Two_daemons_in_turn_one_of_them_behind_take_nothing_back()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        DevNode behind = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 90 });
        int lowest = int.MaxValue;
        for (int turn = 0; turn < 6; turn++)
        {
            run.TurnTo(behind);
            await run.UntilAsync(() => Lowest(run, ref lowest) && run.Index.Progress.State == IndexState.WaitingForDaemon, "the daemon behind");
            run.TurnTo(first);
            first.AddRandomTransactions(2);
            first.MineBlock();
            await run.CaughtUpAsync();
        }

        lowest.ShouldBeGreaterThanOrEqualTo(120);
        run.ShouldAgreeWithNode();
    }

    [Fact]
    public async Task Two_daemons_in_turn_on_two_chains_leave_no_trace_of_each_other()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        DevNode first = run.Node;
        DevNode second = await FollowerFixture.StartNodeAsync(new DevNodeOptions { BlockCount = 120 });
        second.Reorg(6, 7);
        for (int turn = 0; turn < 4; turn++)
        {
            run.TurnTo(second);
            second.MineBlocks(2);
            await run.CaughtUpAsync();
            run.ShouldAgreeWithNode();
            run.TurnTo(first);
            first.MineBlocks(second.Chain.Height - first.Chain.Height + 1);
            await run.CaughtUpAsync();
            run.ShouldAgreeWithNode();
        }

        await run.VerifyAsync();
    }

    private static bool Lowest(FollowerFixture run, ref int lowest)
    {
        using ChainView view = run.Index.AcquireView();
        lowest = Math.Min(lowest, view.Height);
        return true;
    }

    private static void ShouldShow(FollowerFixture run, DevBlock tip)
    {
        using ChainView view = run.Index.AcquireView();
        (view.Height, view.TipHash).ShouldBe((tip.Height, tip.Hash));
    }
}
