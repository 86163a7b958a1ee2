// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Electrum;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

/// <summary>
/// What keeps the threads of Electrum-POT 1.9.8.1 alive: it asks for a history on each new status and dies of a list
/// that is not behind that status.
/// </summary>
public sealed class LegacyWalletTests
{
    private static readonly string Argument = $"[\"{Vectors.Address}\"]";
    private static readonly HistoryEntry One = new(ScriptedChain.Hash(1), 7);
    private static readonly HistoryEntry Two = new(ScriptedChain.Hash(2), 8);
    private static readonly HistoryEntry Three = new(ScriptedChain.Hash(3), 0, 10);

    [Fact]
    public async Task The_captured_session_is_answered_line_by_line()
    {
        await using var server = new TestSessions(change: options => options with { Banner = "hi" });
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet wallet = server.Connect();
        (await wallet.ExchangeAsync("""{"params": ["1.9.8.1", "0.9"], "id": 0, "method": "server.version"}""")).ShouldBe("""{"jsonrpc":"2.0","id":0,"result":"0.9"}""");
        (await wallet.ExchangeAsync("""{"params": [], "id": 1, "method": "blockchain.headers.subscribe"}"""))!.ShouldStartWith("""{"jsonrpc":"2.0","id":1,"result":{"block_height":100,""");
        (await wallet.ExchangeAsync("""{"params": [], "id": 2, "method": "server.banner"}""")).ShouldBe("""{"jsonrpc":"2.0","id":2,"result":"hi"}""");
        (await wallet.ExchangeAsync("""{"params": [], "id": 3, "method": "server.peers.subscribe"}""")).ShouldBe("""{"jsonrpc":"2.0","id":3,"result":[]}""");
        (await wallet.ExchangeAsync("""{"params": [0], "id": 4, "method": "blockchain.block.get_chunk"}"""))!.Length.ShouldBe((101 * 160) + 36);
        (await wallet.ExchangeAsync($$"""{"params": ["{{Vectors.Address}}"], "id": 5, "method": "blockchain.address.subscribe"}""")).ShouldBe($$"""{"jsonrpc":"2.0","id":5,"result":"{{StatusOf(One)}}"}""");
        (await wallet.ExchangeAsync($$"""{"params": ["{{Vectors.Address}}"], "id": 7, "method": "blockchain.address.get_history"}""")).ShouldBe($$"""{"jsonrpc":"2.0","id":7,"result":[{"tx_hash":"{{One.Txid}}","height":7}]}""");
        (await wallet.ExchangeAsync("""{"params": ["1.9.8.1", "0.9"], "id": 10, "method": "server.version"}""")).ShouldBe("""{"jsonrpc":"2.0","id":10,"result":"0.9"}""");
    }

    [Fact]
    public async Task The_history_is_that_behind_the_last_status_even_when_there_is_a_newer_one()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        (await wallet.ResultAsync("blockchain.address.subscribe", Argument)).ShouldBe($"\"{StatusOf(One)}\"");

        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Two), Vectors.P2Pkh);
        await SettleAsync(server);
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(One));

        // The newer status waited for that, and follows at once.
        StatusOfNotification(await wallet.ReadAsync()).ShouldBe(StatusOf(One, Two));
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(One, Two));
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_wallet_that_does_not_ask_is_told_the_newer_status_after_a_moment()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        await wallet.ResultAsync("blockchain.address.subscribe", Argument);
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Two), Vectors.P2Pkh);
        await SettleAsync(server);
        await wallet.ExpectSilenceAsync();
        server.Time.Advance(TimeSpan.FromSeconds(6));
        StatusOfNotification(await wallet.ReadAsync()).ShouldBe(StatusOf(One, Two));
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(One, Two));
    }

    [Fact]
    public async Task A_change_that_is_taken_back_before_it_was_told_is_never_told()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        await wallet.ResultAsync("blockchain.address.subscribe", Argument);
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Three), Vectors.P2Pkh);
        server.Chain.Publish(state => state.Histories[Vectors.P2Pkh] = [One], Vectors.P2Pkh);
        await SettleAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        await wallet.ExpectSilenceAsync();
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(One));
    }

    [Fact]
    public async Task A_wallet_that_knew_the_history_hears_of_changes_later_without_delay()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        await wallet.ResultAsync("blockchain.address.subscribe", Argument);
        server.Time.Advance(TimeSpan.FromSeconds(100));
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Two), Vectors.P2Pkh);
        StatusOfNotification(await wallet.ReadAsync()).ShouldBe(StatusOf(One, Two));
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(One, Two));
    }

    [Fact]
    public async Task An_empty_history_is_followed_by_the_first_payment_at_once()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        (await wallet.ResultAsync("blockchain.address.subscribe", Argument)).ShouldBe("null");
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Three), Vectors.P2Pkh);
        StatusOfNotification(await wallet.ReadAsync()).ShouldBe(StatusOf(Three));
        StatusOf(await HistoryAsync(wallet)).ShouldBe(StatusOf(Three));
    }

    [Fact]
    public async Task Whatever_ends_a_pin_gives_its_memory_back()
    {
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet fetching = await SubscribeAsync(server);
        TestWallet silent = await SubscribeAsync(server);
        TestWallet leaving = await SubscribeAsync(server);
        server.Admission.PinnedEntries.Taken.ShouldBe(3);

        await silent.ResultAsync("blockchain.address.subscribe", Argument);
        server.Admission.PinnedEntries.Taken.ShouldBe(3);
        await HistoryAsync(fetching);
        server.Admission.PinnedEntries.Taken.ShouldBe(2);
        await leaving.HangUpAsync();
        await Poll.UntilAsync(() => server.Admission.PinnedEntries.Taken == 1);

        server.Time.Advance(TimeSpan.FromSeconds(6));
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Two), Vectors.P2Pkh);
        await silent.ReadAsync();
        await fetching.ReadAsync();
        server.Admission.PinnedEntries.Taken.ShouldBe(4);
        server.Time.Advance(TimeSpan.FromSeconds(62));
        await Poll.UntilAsync(() => server.Admission.PinnedEntries.Taken == 0);
    }

    [Fact]
    public async Task With_too_much_pinned_a_wallet_gets_the_history_as_it_is_behind_its_status()
    {
        await using var server = new TestSessions(change: options => options with { Admission = new AdmissionLimits { MaxPinnedEntries = 1 } });
        server.Chain.Change(state => state.Add(Vectors.P2Pkh, One));
        TestWallet pinned = await SubscribeAsync(server);
        TestWallet late = await SubscribeAsync(server);
        server.Admission.PinnedEntries.Taken.ShouldBe(1);

        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, Two), Vectors.P2Pkh);
        StatusOfNotification(await late.ReadAsync()).ShouldBe(StatusOf(One, Two));
        StatusOf(await HistoryAsync(late)).ShouldBe(StatusOf(One, Two));
        StatusOf(await HistoryAsync(pinned)).ShouldBe(StatusOf(One));
        StatusOfNotification(await pinned.ReadAsync()).ShouldBe(StatusOf(One, Two));
        server.Admission.PinnedEntries.Taken.ShouldBe(0);
    }

    private static async Task<TestWallet> SubscribeAsync(TestSessions server)
    {
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        await wallet.ResultAsync("blockchain.address.subscribe", Argument);
        return wallet;
    }

    private static async Task<HistoryEntry[]> HistoryAsync(TestWallet wallet) =>
    [
        .. (await wallet.CallAsync("blockchain.address.get_history", Argument)).GetProperty("result").EnumerateArray()
            .Select(entry => new HistoryEntry(Hash256.Parse(entry.GetProperty("tx_hash").GetString()!), entry.GetProperty("height").GetInt32()))
    ];

    /// <summary>All updates so far have been looked at.</summary>
    private static async Task SettleAsync(TestSessions server)
    {
        TestWallet marker = server.Connect();
        await marker.ResultAsync("blockchain.numblocks.subscribe");
        server.Chain.Publish(state => state.AddBlock());
        await marker.ReadLineAsync();
    }

    private static string StatusOfNotification(JsonElement notification)
    {
        notification.GetProperty("method").GetString().ShouldBe("blockchain.address.subscribe");
        return notification.GetProperty("params")[1].GetString()!;
    }

    private static string StatusOf(params HistoryEntry[] history)
    {
        var hex = new byte[Hash256.HexLength];
        Hex.Encode(StatusHash.Compute(history)!.Value.Bytes, hex);
        return System.Text.Encoding.ASCII.GetString(hex);
    }
}
