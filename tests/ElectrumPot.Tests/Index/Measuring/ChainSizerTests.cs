// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Measuring;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Daemon;
using Shouldly;
using Xunit;
using ManualTime = ElectrumPot.Tests.Electrum.Support.ManualTime;

namespace ElectrumPot.Tests.Index.Measuring;

/// <summary>Asks daemons of both kinds; the pauses between questions pass on a clock of the test.</summary>
public sealed class ChainSizerTests
{
    private const string Statistics = "getchaintxstats";
    private const int Transactions = FakeChain.TransactionsPerBlock;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly FakeChain _chain = new(2_048);

    [Fact]
    public async Task A_daemon_that_knows_is_believed_and_no_block_is_asked_for()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == Statistics ? ScriptedDaemon.Result("""{"time":1,"txcount":12345,"window_tx_count":7}""") : _chain.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var sizer = new ChainSizer(client, _time);

        await LookAsync(sizer);

        sizer.Size.ShouldNotBeNull().IsEstimate.ShouldBeFalse();
        sizer.Size.Remaining(new IndexTip(9, Hash256.Zero, 345), _chain.Height).ShouldBe(12_000);
        daemon.Requests.Single(request => request.Has(Statistics)).Calls[0].Text(1).ShouldBe(_chain.Tip.Hash.ToString());
        daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_daemon_that_does_not_know_a_few_blocks_are_looked_at()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var sizer = new ChainSizer(client, _time);

        await LookAsync(sizer);

        sizer.Size.ShouldNotBeNull().IsEstimate.ShouldBeTrue();
        sizer.Size.Remaining(IndexTip.Empty, _chain.Height).ShouldBe(2_048 * Transactions, 0.01);
        daemon.Requests.Where(request => request.Has("getblock")).Sum(request => request.Calls.Count).ShouldBe(2_048 / 64);

        // Neither the question nor the blocks are asked for again when the chain has grown a little.
        _chain.Add();
        int before = daemon.Requests.Count;
        await LookAsync(sizer);
        daemon.Requests.Count.ShouldBe(before);
        sizer.Size.Remaining(IndexTip.Empty, _chain.Height).ShouldBe(2_049 * Transactions, 0.01);
    }

    [Fact]
    public async Task A_short_range_is_not_worth_it()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var sizer = new ChainSizer(client, _time);

        await LookAsync(sizer, from: 1_500);

        sizer.Size.ShouldBeNull();
        daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_daemon_that_fails_half_way_leaves_nothing_known_and_disturbs_nobody()
    {
        int asked = 0;
        await using var daemon = new ScriptedDaemon(call =>
            call.Method == "getblock" && Interlocked.Increment(ref asked) > 10 ? ScriptedDaemon.Error(-1, "no luck") : _chain.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var sizer = new ChainSizer(client, _time);

        await LookAsync(sizer);

        sizer.Size.ShouldBeNull();
    }

    [Theory]
    [InlineData("00")]
    [InlineData("fdff")]
    [InlineData("feffffff7f")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("")]
    public async Task A_count_that_cannot_be_is_refused(string count)
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == "getblock"
            ? ScriptedDaemon.Result($"\"{Convert.ToHexStringLower(_chain.Block(Array.FindIndex(Hashes(), hash => hash.ToString() == call.Text(0)))[..BlockHeader.Size])}{count}\"")
            : _chain.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        await Should.ThrowAsync<MalformedReplyException>(() => client.GetTransactionCountsAsync([_chain.Hash(7)], TestClient.Cancel));
    }

    [Fact]
    public async Task The_end_of_the_import_ends_the_questions()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var sizer = new ChainSizer(client, _time);

        // The clock stands still, so the pause after the first blocks never ends.
        sizer.Start(IndexTip.Empty, _chain.Tip, TestClient.Cancel);
        await UntilAsync(() => _time.Waiting > 0 && daemon.Count("getblock") == 1);
        await sizer.StopAsync().WaitAsync(Patience, TestClient.Cancel);

        sizer.Size.ShouldBeNull();
        daemon.Count("getblock").ShouldBe(1);
    }

    private Hash256[] Hashes() => [.. Enumerable.Range(0, _chain.Height + 1).Select(_chain.Hash)];

    /// <summary>Lets the clock run until the sizer is done.</summary>
    private async Task LookAsync(ChainSizer sizer, int from = -1)
    {
        sizer.Start(new IndexTip(from, Hash256.Zero, 0), _chain.Tip, TestClient.Cancel);
        Task done = sizer.Looking;
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return done.IsCompleted;
        });
        await sizer.StopAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(5, timeout.Token);
    }
}
