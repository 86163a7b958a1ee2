// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

public sealed class NotificationTests
{
    private static readonly string ScriptArgument = $"[\"{Vectors.P2PkhScriptHash}\"]";
    private static readonly string AddressArgument = $"[\"{Vectors.Address}\"]";
    private static readonly HistoryEntry First = new(ScriptedChain.Hash(1), 7);
    private static readonly HistoryEntry Pending = new(ScriptedChain.Hash(2), 0, 1000);

    [Fact]
    public async Task The_header_comes_before_the_statuses_of_its_block()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Publish(state =>
        {
            state.AddBlock();
            state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 101));
        }, Vectors.P2Pkh);
        JsonElement header = await wallet.ReadAsync();
        header.GetRawText().ShouldBe(
            """{"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"hex":"""
            + $"\"{Convert.ToHexStringLower(server.Chain.State.Headers[^1])}\",\"height\":101}}]}}");
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, Vectors.P2PkhScriptHash));
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_status_that_did_not_change_is_not_told_again()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        server.Chain.Publish(_ => { }, Vectors.P2Pkh);
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, First), Vectors.P2Pkh);
        server.Chain.Publish(_ => { }, Vectors.P2Pkh);
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, Vectors.P2PkhScriptHash));
        await AfterUpdatesAsync(server, wallet);
    }

    [Fact]
    public async Task Several_blocks_at_once_come_as_the_last_one_and_a_reorganisation_as_the_new_tip()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Change(state => state.AddBlock());
        server.Chain.Change(state => state.AddBlock());
        server.Chain.Announce(tipChanged: true);
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":102}]}");
        server.Chain.Publish(state =>
        {
            state.RemoveBlock();
            state.RemoveBlock();
            state.AddBlock(branch: 9);
        });
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":101}]}");
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Every_form_of_the_tip_is_told_to_those_who_asked_for_it()
    {
        await using var server = new TestSessions();
        TestWallet old = server.Connect();
        await old.ResultAsync("blockchain.numblocks.subscribe");
        await old.ResultAsync("blockchain.headers.subscribe");
        TestWallet deaf = server.Connect();
        await deaf.NegotiateAsync("1.4");
        server.Chain.Publish(state => state.AddBlock());
        (await old.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","method":"blockchain.numblocks.subscribe","params":[101]}""");
        (await old.ReadLineAsync())!.ShouldStartWith("""{"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"block_height":101,"version":3,""");
        await deaf.ExpectSilenceAsync();
    }

    [Fact]
    public async Task An_unconfirmed_entry_that_moves_from_minus_one_to_zero_is_told()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, Pending with { Height = -1 }));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        server.Chain.Publish(state => state.Histories[Vectors.P2Pkh] = [Pending], Vectors.P2Pkh);
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, Vectors.P2PkhScriptHash));
    }

    [Fact]
    public async Task The_script_hash_comes_back_as_the_wallet_wrote_it()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        string written = Vectors.P2PkhScriptHash.ToUpperInvariant();
        await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{written}\"]");
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, First), Vectors.P2Pkh);
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, written));
    }

    [Fact]
    public async Task After_unsubscribing_nothing_is_told()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4.2");
        (await wallet.ResultAsync("blockchain.scripthash.unsubscribe", ScriptArgument)).ShouldBe("false");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        (await wallet.ResultAsync("blockchain.scripthash.unsubscribe", ScriptArgument)).ShouldBe("true");
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, First), Vectors.P2Pkh);
        await AfterUpdatesAsync(server, wallet);
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task An_address_hears_of_scripts_of_its_key_that_appear_later()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.2");
        (await wallet.ResultAsync("blockchain.address.subscribe", AddressArgument)).ShouldBe("null");
        server.Chain.Publish(state =>
        {
            state.Aliases[Vectors.P2Pkh] = [Vectors.P2Pk];
            state.Add(Vectors.P2Pk, First);
        }, Vectors.P2Pk, Vectors.P2Pkh);
        string first = (await wallet.ReadLineAsync())!;
        first.ShouldStartWith($$"""{"jsonrpc":"2.0","method":"blockchain.address.subscribe","params":["{{Vectors.Address}}",""");
        // From now on the key's own script is enough.
        server.Chain.Publish(state => state.Add(Vectors.P2Pk, Pending), Vectors.P2Pk);
        (await wallet.ReadLineAsync()).ShouldNotBe(first);
        server.Manager.SubscriptionCount.ShouldBe(2);
    }

    [Fact]
    public async Task What_happens_between_the_state_of_a_reply_and_its_sending_is_told_after_it()
    {
        // No notifier: only the subscription itself can notice.
        await using var server = new TestSessions(withNotifier: false);
        var hold = new TaskCompletionSource();
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.SendLineAsync(
            $$"""[{"id":1,"method":"blockchain.headers.subscribe"},{"id":2,"method":"blockchain.scripthash.subscribe","params":{{ScriptArgument}}},"""
            + $$"""{"id":3,"method":"blockchain.transaction.get","params":["{{ScriptedChain.Hash(1)}}"]}]""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 4));
        server.Chain.Change(state =>
        {
            state.AddBlock();
            state.Add(Vectors.P2Pkh, First);
        });
        hold.SetResult();
        (await wallet.ReadAsync()).ValueKind.ShouldBe(JsonValueKind.Array);
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":101}]}");
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, Vectors.P2PkhScriptHash));
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_history_newer_than_the_last_status_sends_the_newer_status_ahead()
    {
        await using var server = new TestSessions(withNotifier: false);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.headers.subscribe");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        server.Chain.Change(state =>
        {
            state.AddBlock();
            state.Add(Vectors.P2Pkh, First);
        });
        await wallet.SendLineAsync($$"""{"id":1,"method":"blockchain.scripthash.get_history","params":{{ScriptArgument}}}""");
        (await wallet.ReadLineAsync())!.ShouldEndWith("\"height\":101}]}");
        (await wallet.ReadLineAsync()).ShouldBe(StatusLine(server, Vectors.P2PkhScriptHash));
        (await wallet.ReadAsync()).GetProperty("result").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_subscription_whose_history_grows_too_large_ends_with_a_last_word()
    {
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { MaxHistoryEntries = 1 } });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        server.Chain.Publish(state => state.Histories[Vectors.P2Pkh] = [First, Pending], Vectors.P2Pkh);
        (await wallet.ReadLineAsync())!.ShouldEndWith(",null]}");
        await Poll.UntilAsync(() => server.Manager.SubscriptionCount == 0);
        (await wallet.ErrorAsync("blockchain.scripthash.get_history", ScriptArgument)).Message.ShouldBe("history too large");
    }

    [Fact]
    public async Task A_session_that_ends_leaves_nothing_behind()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        await wallet.ResultAsync("blockchain.address.subscribe", AddressArgument);
        server.Manager.SubscriptionCount.ShouldBe(2);
        await wallet.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 0 && server.Manager.SubscriptionCount == 0 && server.Chain.Leased == 0);
    }

    [Fact]
    public async Task Subscriptions_are_bounded()
    {
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { MaxSubscriptions = 1 } });
        TestWallet wallet = server.Connect();
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        await wallet.ResultAsync("blockchain.scripthash.subscribe", ScriptArgument);
        (await wallet.ErrorAsync("blockchain.scripthash.subscribe", $"[\"{Vectors.P2PkScriptHash}\"]")).Code.ShouldBe(4);
    }

    /// <summary>What is published now has been told, or not, once a marker published after it has arrived.</summary>
    private static async Task AfterUpdatesAsync(TestSessions server, TestWallet wallet)
    {
        TestWallet marker = server.Connect();
        await marker.ResultAsync("blockchain.numblocks.subscribe");
        server.Chain.Publish(state => state.AddBlock());
        await marker.ReadLineAsync();
        await wallet.ExpectSilenceAsync();
    }

    private static string StatusLine(TestSessions server, string scriptHash)
    {
        Hash256 status = StatusHash.Compute(server.Chain.State.Histories[Vectors.P2Pkh])!.Value;
        var hex = new byte[Hash256.HexLength];
        Hex.Encode(status.Bytes, hex);
        return $$"""{"jsonrpc":"2.0","method":"blockchain.scripthash.subscribe","params":["{{scriptHash}}","{{System.Text.Encoding.ASCII.GetString(hex)}}"]}""";
    }
}
