// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

/// <summary>Batches whose replies are longer than one reply may be.</summary>
public sealed class BatchRoomTests
{
    private const int MaxReply = 2000;
    private const int TooLarge = -32600;

    private static readonly string Script = $"[\"{Vectors.P2PkhScriptHash}\"]";

    /// <summary>Takes all but 330 bytes.</summary>
    private static readonly string MostOfTheRoom = Request("blockchain.block.headers", "[0,10]");

    /// <summary>Takes less than half.</summary>
    private static readonly string SomeOfTheRoom = Request("blockchain.block.headers", "[0,5]");

    [Fact]
    public async Task Without_room_for_its_reply_a_subscription_stays_as_it_was()
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", Script);
        await wallet.ResultAsync("blockchain.headers.subscribe");
        JsonElement[] replies = await BatchAsync(
            wallet, MostOfTheRoom, Request("blockchain.scripthash.subscribe", Script), Request("blockchain.headers.subscribe", "[]"));
        replies.Select(Code).ShouldBe([0, TooLarge, TooLarge]);
        Publish(server);
        (await wallet.ReadLineAsync())!.ShouldContain("headers.subscribe");
        (await wallet.ReadLineAsync())!.ShouldContain("scripthash.subscribe");
    }

    [Theory]
    [InlineData("blockchain.scripthash.subscribe", "blockchain.scripthash.unsubscribe", "$script")]
    [InlineData("blockchain.outpoint.subscribe", "blockchain.outpoint.unsubscribe", "[\"$txid\",0,\"51\"]")]
    [InlineData("blockchain.transaction.subscribe", "blockchain.transaction.unsubscribe", "[\"$txid\"]")]
    [InlineData("blockchain.headers.subscribe", "blockchain.headers.unsubscribe", "[]")]
    public async Task A_subscription_whose_reply_does_not_fit_is_none(string subscribe, string unsubscribe, string arguments)
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        arguments = arguments.Replace("$script", Script, StringComparison.Ordinal).Replace("$txid", ScriptedChain.Hash(1).ToString(), StringComparison.Ordinal);
        await wallet.ResultAsync(subscribe, arguments);
        string longId = $"\"{new string('x', MaxReply)}\"";
        await wallet.SendLineAsync($$"""{"id":{{longId}},"method":"{{subscribe}}","params":{{arguments}}}""");
        Code(await wallet.ReadAsync()).ShouldBe(TooLarge);
        server.Manager.SubscriptionCount.ShouldBe(0);
        server.Manager.Sessions.Single().Subscriptions.ShouldBe(0);
        if (arguments.Contains(",0,", StringComparison.Ordinal)) arguments = arguments.Replace(",\"51\"", "", StringComparison.Ordinal);
        (await wallet.ResultAsync(unsubscribe, arguments)).ShouldBe("false");
    }

    [Theory]
    [InlineData("1.4")]
    [InlineData("1.7")]
    public async Task A_history_that_would_fit_alone_is_not_called_too_large(string version)
    {
        await using TestSessions server = Start();
        server.Chain.Change(state =>
        {
            for (int i = 1; i <= 15; i++)
                state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(i), i));
        });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        await wallet.ResultAsync("blockchain.scripthash.get_history", Script);
        JsonElement[] replies = await BatchAsync(wallet, SomeOfTheRoom, Request("blockchain.scripthash.get_history", Script));
        replies.Select(Code).ShouldBe([0, TooLarge]);
        replies[1].GetProperty("error").GetProperty("message").GetString().ShouldNotBe("history too large");
    }

    private static TestSessions Start() =>
        new(change: options => options with { Limits = new SessionLimits { MaxReplyBytes = MaxReply } });

    private static void Publish(TestSessions server) => server.Chain.Publish(
        state =>
        {
            state.AddBlock();
            state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 101));
        },
        Vectors.P2Pkh);

    private static string Request(string method, string arguments) => $$"""{"id":1,"method":"{{method}}","params":{{arguments}}}""";

    private static async Task<JsonElement[]> BatchAsync(TestWallet wallet, params string[] requests)
    {
        await wallet.SendLineAsync($"[{string.Join(',', requests)}]");
        return [.. (await wallet.ReadAsync()).EnumerateArray()];
    }

    private static int Code(JsonElement reply) => reply.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetInt32() : 0;
}
