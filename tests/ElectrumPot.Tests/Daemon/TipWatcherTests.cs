// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class TipWatcherTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly FakeChain _chain = new(5);

    [Fact]
    public async Task Each_changed_tip_is_told_once_through_outages_and_reorganisations()
    {
        bool away = false;
        await using var daemon = new ScriptedDaemon(_chain.Answer) { Misbehave = _ => away ? ScriptedReply.Nothing : null };
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        await using IAsyncEnumerator<ChainTip> tips = new TipWatcher(client, Interval, TimeProvider.System)
            .WatchAsync(TestClient.Cancel).GetAsyncEnumerator(TestClient.Cancel);

        (await tips.MoveNextAsync()).ShouldBeTrue();
        tips.Current.ShouldBe(_chain.Tip);

        Task<bool> next = tips.MoveNextAsync().AsTask();
        away = true;
        while (client.Status.State != DaemonState.Unreachable)
            await Task.Delay(Interval, TestClient.Cancel);
        next.IsCompleted.ShouldBeFalse();
        _chain.Add();
        away = false;
        (await next).ShouldBeTrue();
        tips.Current.ShouldBe(_chain.Tip);

        next = tips.MoveNextAsync().AsTask();
        _chain.Reorganise(4, 2);
        (await next).ShouldBeTrue();
        tips.Current.ShouldBe(_chain.Tip);
    }

    [Fact]
    public async Task An_unchanged_tip_costs_one_request_a_look()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        await client.GetTipAsync(TestClient.Cancel);
        int before = daemon.Requests.Count;

        await client.GetTipAsync(TestClient.Cancel);

        daemon.Requests.Count.ShouldBe(before + 1);
    }

    [Fact]
    public async Task Height_and_hash_belong_together_however_fast_the_chain_moves()
    {
        await using var daemon = new ScriptedDaemon(call =>
        {
            // A block between any two questions, as while a daemon catches up.
            _chain.Add();
            return _chain.Answer(call);
        });
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        for (int i = 0; i < 20; i++)
        {
            ChainTip tip = await client.GetTipAsync(TestClient.Cancel);
            tip.Hash.ShouldBe(_chain.Hash(tip.Height));
        }
    }

    [Fact]
    public async Task Cancellation_ends_the_watch()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestClient.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChainTip _ in new TipWatcher(client, Interval, TimeProvider.System).WatchAsync(cancel.Token))
                await cancel.CancelAsync();
        });
    }
}
