// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Fees;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Fees;

/// <summary>What wallets are told, with a coin whose blocks have room for 225,000 bytes and whose relay fee is 0.001.</summary>
public sealed class FeeEstimateTests
{
    private static readonly FeeFacts Quiet = new([new BlockFees(100, 900, 500_000)], []);

    /// <summary>Two and a half blocks wait.</summary>
    private static readonly FeeFacts Busy = new(
        [new BlockFees(100, 900, 500_000)],
        [.. Enumerable.Range(0, 25).Select(i => new RatedSize(2_500_000 - (i * 100_000), 22_500))]);

    [Fact]
    public async Task A_daemon_without_estimates_leaves_them_to_the_server()
    {
        await using var server = new TestSessions(withNotifier: false);
        server.Chain.Change(state => state.FeeFacts = Quiet);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[2]")).ShouldBe("0.001");
        server.Chain.Change(state =>
        {
            state.AddBlock();
            state.FeeFacts = Busy;
        });
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.016");
        (await wallet.ResultAsync("blockchain.estimatefee", "[2]")).ShouldBe("0.006");
        (await wallet.ResultAsync("blockchain.estimatefee", "[3]")).ShouldBe("0.001");
        (await wallet.ResultAsync("blockchain.estimatefee", "[0]")).ShouldBe("0.016");
    }

    [Fact]
    public async Task The_daemons_own_estimate_stands_and_bounds_those_around_it()
    {
        await using var server = new TestSessions(withNotifier: false);
        server.Chain.Change(state => state.FeeFacts = Busy);
        server.Daemon.OnEstimate = blocks => Task.FromResult<long?>(blocks switch { 2 => 300_000, 25 => 200_000, _ => null });
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[25]")).ShouldBe("0.002");
        (await wallet.ResultAsync("blockchain.estimatefee", "[2]")).ShouldBe("0.003");
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.016");
        (await wallet.ResultAsync("blockchain.estimatefee", "[3]")).ShouldBe("0.002");
        (await wallet.ResultAsync("blockchain.estimatefee", "[144]")).ShouldBe("0.001");
    }

    [Theory]
    [InlineData(50_000, 50_000, "0.0005")]
    [InlineData(50_000, 400_000, "0.004")]
    public async Task No_estimate_is_below_what_the_daemon_asks_at_the_moment(long minimum, long mempoolMinimum, string expected)
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.FeeFacts = Quiet);
        server.Daemon.OnRelayFees = () => ValueTask.FromResult(new RelayFees(minimum, mempoolMinimum, 1000));
        (await server.Connect().ResultAsync("blockchain.estimatefee", "[5]")).ShouldBe(expected);
    }

    [Fact]
    public async Task A_daemon_that_fails_or_is_silent_costs_the_wallet_no_estimate()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.FeeFacts = Busy);
        server.Daemon.OnRelayFees = () => ValueTask.FromException<RelayFees>(ScriptedDaemon.Away);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[2]")).ShouldBe("0.006");

        server.Daemon.OnRelayFees = () => new ValueTask<RelayFees>(new TaskCompletionSource<RelayFees>().Task);
        int timers = server.Time.Waiting;
        await wallet.SendLineAsync("""{"id":9,"method":"blockchain.estimatefee","params":[1]}""");
        await Poll.UntilAsync(() => server.Time.Waiting > timers);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        (await wallet.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","id":9,"result":0.016}""");
        // Nobody waits a second time for the same answer.
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.016");
    }

    [Fact]
    public async Task A_changed_mempool_counts_after_a_while_and_a_new_block_at_once()
    {
        await using var server = new TestSessions(withNotifier: false);
        server.Chain.Change(state => state.FeeFacts = Quiet);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.001");
        server.Chain.Change(state => state.FeeFacts = Busy);
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.001");
        server.Time.Advance(TimeSpan.FromSeconds(6));
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.016");
        server.Chain.Change(state =>
        {
            state.AddBlock();
            state.FeeFacts = Quiet;
        });
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.001");
    }

    [Fact]
    public async Task What_was_unknown_is_known_at_once_when_the_mempool_has_been_seen()
    {
        await using var server = new TestSessions(withNotifier: false);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("-1");
        server.Chain.Change(state => state.FeeFacts = Busy);
        (await wallet.ResultAsync("blockchain.estimatefee", "[1]")).ShouldBe("0.016");
    }

    [Fact]
    public async Task The_daemons_three_fees_are_told_apart()
    {
        await using var server = new TestSessions();
        server.Daemon.OnRelayFees = () => ValueTask.FromResult(new RelayFees(1000, 3000, 100));
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.relayfee")).ShouldBe("0.00001");
        (await wallet.ResultAsync("mempool.get_info")).ShouldBe("""{"mempoolminfee":0.00003,"minrelaytxfee":0.00001,"incrementalrelayfee":0.000001}""");
    }
}
