// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class OutpointMethodsTests
{
    private const string Hint = "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac";

    private static readonly Hash256 Funder = ScriptedChain.Hash(1);
    private static readonly Hash256 Spender = ScriptedChain.Hash(2);
    private static readonly OutPoint Output = new(Funder, 3);
    private static readonly string Arguments = $"[\"{Funder}\",3,\"{Hint}\"]";

    [Fact]
    public async Task An_output_is_told_in_every_step_of_its_life_and_each_step_once()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments)).ShouldBe("{}");
        OutpointStatus[] life =
        [
            new(-1), new(0), new(101), new(101, Spender, 0), new(101, Spender, 102), new(101, Spender, 0), OutpointStatus.Unknown,
        ];
        string[] expected =
        [
            """{"funder_height":-1}""", """{"funder_height":0}""", """{"funder_height":101}""",
            $$"""{"funder_height":101,"spender_txhash":"{{Spender}}","spender_height":0}""",
            $$"""{"funder_height":101,"spender_txhash":"{{Spender}}","spender_height":102}""",
            $$"""{"funder_height":101,"spender_txhash":"{{Spender}}","spender_height":0}""", "{}",
        ];
        for (int i = 0; i < life.Length; i++)
        {
            Set(server.Chain, life[i]);
            server.Chain.Announce(tipChanged: false, HashX.OfOutPoint(Output));
            (await wallet.ReadLineAsync()).ShouldBe(
                $$"""{"jsonrpc":"2.0","method":"blockchain.outpoint.subscribe","params":["{{Funder}}",3,{{expected[i]}}]}""");
            (await wallet.ResultAsync("blockchain.outpoint.get_status", Arguments)).ShouldBe(expected[i]);
        }
    }

    [Fact]
    public async Task What_else_happens_on_the_script_of_the_hint_does_not_look_the_output_up()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        // If it were looked at, it would be told.
        Set(server.Chain, new OutpointStatus(0));
        server.Chain.Announce(tipChanged: false, Vectors.P2Pkh, HashX.OfOutPoint(Output with { Index = 4 }), HashX.OfTxid(Spender));
        TestWallet marker = server.Connect();
        await marker.ResultAsync("blockchain.numblocks.subscribe");
        server.Chain.Publish(state => state.AddBlock());
        await marker.ReadLineAsync();
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Outputs_and_transactions_are_told_after_the_statuses_of_their_block()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        // In a set without an order these would be found first.
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        await wallet.ResultAsync("blockchain.transaction.subscribe", $"[\"{Funder}\"]");
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", $"[\"{Hint}\"]");
        server.Chain.Publish(
            state =>
            {
                state.Outpoints[Output] = new OutpointStatus(0);
                state.Mempool.Add(new MempoolSummary(Funder, 1, 1));
                state.Add(Vectors.P2Pkh, new HistoryEntry(Funder, 0, 1));
            },
            HashX.OfTxid(Funder), Vectors.P2Pkh);
        (await wallet.ReadLineAsync())!.ShouldContain("scriptpubkey.subscribe");
        (await wallet.ReadLineAsync())!.ShouldNotContain("scriptpubkey.subscribe");
        (await wallet.ReadLineAsync())!.ShouldNotContain("scriptpubkey.subscribe");
    }

    [Fact]
    public async Task The_header_comes_before_and_what_did_not_change_is_not_told()
    {
        await using var server = new TestSessions();
        Set(server.Chain, new OutpointStatus(7));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments)).ShouldBe("""{"funder_height":7}""");
        (await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments)).ShouldBe("""{"funder_height":7}""");
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Publish(state => state.AddBlock(), HashX.OfOutPoint(Output));
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":101}]}");
        server.Chain.Publish(
            state =>
            {
                state.AddBlock();
                state.Outpoints[Output] = new OutpointStatus(7, Spender, 102);
            },
            HashX.OfOutPoint(Output));
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":102}]}");
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"spender_height\":102}]}");
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_told_spend_that_is_pruned_later_is_no_news()
    {
        await using var server = new TestSessions();
        Set(server.Chain, new OutpointStatus(7, Spender, 9));
        server.Chain.Change(state => state.Txids[(9, 1)] = Spender);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Publish(
            state =>
            {
                state.AddBlock();
                state.Outpoints.Clear();
            },
            HashX.OfOutPoint(Output));
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":101}]}");
        await wallet.ExpectSilenceAsync();
        (await wallet.ResultAsync("blockchain.outpoint.get_status", Arguments)).ShouldBe("{}");

        // A reorganisation that takes the spender away is.
        server.Chain.Publish(state => state.Txids.Clear(), HashX.OfOutPoint(Output));
        (await wallet.ReadLineAsync())!.ShouldEndWith(",3,{}]}");
    }

    [Fact]
    public async Task What_happens_before_the_reply_goes_out_is_told_after_it()
    {
        await using var server = new TestSessions(withNotifier: false);
        var hold = new TaskCompletionSource();
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        await wallet.SendLineAsync(
            $$"""[{"id":1,"method":"blockchain.outpoint.subscribe","params":{{Arguments}}},{"id":2,"method":"blockchain.transaction.get","params":["{{Funder}}"]}]""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 3));
        Set(server.Chain, new OutpointStatus(0));
        hold.SetResult();
        (await wallet.ReadLineAsync())!.ShouldStartWith("[");
        (await wallet.ReadLineAsync())!.ShouldEndWith("""{"funder_height":0}]}""");
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task The_last_hint_counts_and_nothing_is_left_behind()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        await wallet.ResultAsync("blockchain.outpoint.subscribe", $"[\"{Funder}\",3,\"51\"]");
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        server.Manager.SubscriptionCount.ShouldBe(2);
        server.Manager.Sessions.Single().Subscriptions.ShouldBe(1);
        Set(server.Chain, new OutpointStatus(5));
        server.Chain.Announce(tipChanged: false, HashX.OfTxid(Funder));
        (await wallet.ReadLineAsync())!.ShouldEndWith("""{"funder_height":5}]}""");
        (await wallet.ResultAsync("blockchain.outpoint.unsubscribe", $"[\"{Funder}\",3]")).ShouldBe("true");
        (await wallet.ResultAsync("blockchain.outpoint.unsubscribe", $"[\"{Funder}\",3]")).ShouldBe("false");
        server.Manager.SubscriptionCount.ShouldBe(0);
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        await wallet.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 0 && server.Manager.SubscriptionCount == 0 && server.Chain.Leased == 0);
    }

    [Fact]
    public async Task Outputs_share_the_room_of_all_subscriptions()
    {
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { MaxSubscriptions = 2 } });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
        await wallet.ResultAsync("blockchain.transaction.subscribe", $"[\"{Funder}\"]");
        (await wallet.ErrorAsync("blockchain.outpoint.subscribe", $"[\"{Funder}\",4,\"{Hint}\"]")).Code.ShouldBe(4);
        (await wallet.ErrorAsync("blockchain.scriptpubkey.subscribe", $"[\"{Hint}\"]")).Code.ShouldBe(4);
        await wallet.ResultAsync("blockchain.outpoint.subscribe", Arguments);
    }

    [Theory]
    [InlineData("[]", -32602)]
    [InlineData("[\"abc\",0,\"51\"]", 1)]
    [InlineData("[\"{0}\",-1,\"51\"]", -32602)]
    [InlineData("[\"{0}\",0]", -32602)]
    [InlineData("[\"{0}\",0,\"5\"]", 1)]
    public async Task What_names_no_output_is_refused(string arguments, int code)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        arguments = arguments.Replace("{0}", Funder.ToString(), StringComparison.Ordinal);
        (await wallet.ErrorAsync("blockchain.outpoint.subscribe", arguments)).Code.ShouldBe(code);
        (await wallet.ErrorAsync("blockchain.outpoint.get_status", arguments)).Code.ShouldBe(code);
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    private static void Set(ScriptedChain chain, OutpointStatus status) => chain.Change(state => state.Outpoints[Output] = status);
}
