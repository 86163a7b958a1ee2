// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Daemon.Rpc;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class CallGateTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_place_is_always_left_for_the_other_kind(bool walletsAreBusy)
    {
        (CallPriority busy, CallPriority other) = walletsAreBusy
            ? (CallPriority.Interactive, CallPriority.Bulk)
            : (CallPriority.Bulk, CallPriority.Interactive);
        var gate = new CallGate(3, 100);
        await gate.EnterAsync(busy, TestClient.Cancel);
        await gate.EnterAsync(busy, TestClient.Cancel);

        gate.EnterAsync(busy, TestClient.Cancel).AsTask().IsCompleted.ShouldBeFalse();
        gate.EnterAsync(other, TestClient.Cancel).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Wallets_go_before_the_index()
    {
        var gate = new CallGate(2, 100);
        CallGate.Permit wallet = await gate.EnterAsync(CallPriority.Interactive, TestClient.Cancel);
        CallGate.Permit index = await gate.EnterAsync(CallPriority.Bulk, TestClient.Cancel);
        Task<CallGate.Permit> nextIndex = gate.EnterAsync(CallPriority.Bulk, TestClient.Cancel).AsTask();
        Task<CallGate.Permit> nextWallet = gate.EnterAsync(CallPriority.Interactive, TestClient.Cancel).AsTask();

        wallet.Dispose();
        await nextWallet;
        nextIndex.IsCompleted.ShouldBeFalse();

        index.Dispose();
        await nextIndex;
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_no_trace()
    {
        var gate = new CallGate(2, 100);
        CallGate.Permit first = await gate.EnterAsync(CallPriority.Bulk, TestClient.Cancel);
        using var cancel = new CancellationTokenSource();
        Task<CallGate.Permit> waiting = gate.EnterAsync(CallPriority.Bulk, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        gate.Waiting.ShouldBe(0);

        first.Dispose();
        gate.EnterAsync(CallPriority.Bulk, TestClient.Cancel).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Too_many_waiting_are_turned_away()
    {
        var gate = new CallGate(2, 3);
        await gate.EnterAsync(CallPriority.Interactive, TestClient.Cancel);
        for (int i = 0; i < 3; i++)
            _ = gate.EnterAsync(CallPriority.Interactive, TestClient.Cancel).AsTask();

        var error = Should.Throw<DaemonUnavailableException>(() => gate.EnterAsync(CallPriority.Interactive, TestClient.Cancel).AsTask());

        error.State.ShouldBe(DaemonState.Busy);
    }

    [Fact]
    public async Task No_more_than_the_places_are_ever_taken()
    {
        var gate = new CallGate(4, 1_000);
        int inside = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            using CallGate.Permit permit = await gate.EnterAsync(i % 2 == 0 ? CallPriority.Bulk : CallPriority.Interactive, TestClient.Cancel);
            int now = Interlocked.Increment(ref inside);
            lock (gate)
                most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }));

        most.ShouldBeInRange(2, 4);
        gate.Waiting.ShouldBe(0);
    }
}
