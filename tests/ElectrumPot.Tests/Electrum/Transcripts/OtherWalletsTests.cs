// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transcripts;

/// <summary>Protocol, "Other clients": wallets that ask in batches, without a version, or for addresses on 1.4.</summary>
public sealed class OtherWalletsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batches_of_hundreds_as_mobile_wallets_send_them_are_answered_whole(bool negotiates)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        TestWallet wallet = server.Connect();
        if (negotiates) await wallet.ResultAsync("server.version", """["BlueWallet","1.4"]""");

        Dictionary<string, JsonElement> statuses = await BatchAsync(wallet, "blockchain.scripthash.subscribe", [.. Scripts(400)]);
        statuses.Count(reply => ClientChecks.Status(reply.Value) is not null).ShouldBe(1);
        Dictionary<string, JsonElement> histories = await BatchAsync(wallet, "blockchain.scripthash.get_history", [.. Scripts(300)]);
        ClientChecks.History(histories["0"], ClientChecks.Status(statuses["0"]), isOrdered: true).Length.ShouldBe(4);
        Dictionary<string, JsonElement> balances = await BatchAsync(wallet, "blockchain.scripthash.get_balance", [.. Scripts(300)]);
        foreach (JsonElement balance in balances.Values)
            Shape.ShouldFit(balance, "{confirmed:nat,unconfirmed:int}");

        string first = ConformanceServer.Fill("\"$first\"");
        Dictionary<string, JsonElement> verbose = await BatchAsync(wallet, "blockchain.transaction.get", [.. Enumerable.Repeat($"{first},true", 100)]);
        foreach (JsonElement transaction in verbose.Values)
            Shape.ShouldFit(transaction, ConformanceServer.Fill("{txid:\"$first\",vout:[{value:0.10000000,n:0}]}"));
        Dictionary<string, JsonElement> raw = await BatchAsync(wallet, "blockchain.transaction.get", [.. Enumerable.Repeat(first, 100)]);
        foreach (JsonElement transaction in raw.Values)
            ClientChecks.Transaction(transaction, ConformanceServer.Fill("$first"));
        Dictionary<string, JsonElement> headers = await BatchAsync(wallet, "blockchain.block.header", [.. Enumerable.Range(0, 200).Select(height => $"{height}")]);
        ClientChecks.Connects([.. Enumerable.Range(0, 200).Select(i => Convert.FromHexString(headers[$"{i}"].GetString()!))]);
    }

    [Fact]
    public async Task One_bad_member_of_a_batch_leaves_the_others_alone()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        await wallet.SendLineAsync(ConformanceServer.Fill("""
            [{"jsonrpc":"2.0","id":1,"method":"blockchain.transaction.get","params":["$first",true]},{"jsonrpc":"2.0","id":2,"method":"blockchain.transaction.get","params":["$new",true]},{"jsonrpc":"2.0","id":3,"method":"no.such"},7,{"jsonrpc":"2.0","id":4,"method":"server.ping"}]
            """));
        Dictionary<string, JsonElement> replies = (await wallet.ReadAsync()).EnumerateArray().ToDictionary(reply => reply.GetProperty("id").GetRawText());
        replies.Keys.ShouldBe(["1", "2", "3", "null", "4"], ignoreOrder: true);
        replies["1"].GetProperty("result").GetProperty("txid").GetString().ShouldBe(ConformanceServer.Fill("$first"));
        replies["2"].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(2);
        replies["3"].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32601);
        replies["null"].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32600);
        replies["4"].GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Electron_Cash_asks_for_addresses_on_1_4_and_gets_them()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Legacy);
        JsonElement agreed = await wallet.CallAsync("server.version", """["4.4.0",["1.4","1.5.3"]]""");
        Shape.ShouldFit(agreed, "[str,\"1.4.3\"]");
        ClientChecks.RawHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
        string address = ConformanceServer.Fill("[\"$address\"]");
        string? status = ClientChecks.Status(await wallet.CallAsync("blockchain.address.subscribe", address));
        ClientChecks.History(await wallet.CallAsync("blockchain.address.get_history", address), status, isOrdered: true).Length.ShouldBe(4);
        Shape.ShouldFit(await wallet.CallAsync("blockchain.address.get_balance", address), "{confirmed:10000,unconfirmed:-1500}");
        Shape.ShouldFit(await wallet.CallAsync("blockchain.address.listunspent", address), ConformanceServer.Fill("[$unspent]"));
        Shape.ShouldFit(await wallet.CallAsync("blockchain.address.get_mempool", address), ConformanceServer.Fill("[$mempool]"));
    }

    [Fact]
    public async Task A_script_that_skips_the_version_or_sends_it_late_is_served()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
        await wallet.CallAsync("server.ping");
        Shape.ShouldFit(await wallet.CallAsync("blockchain.scripthash.get_balance", ConformanceServer.Fill("[\"$scripthash\"]")), "{confirmed:10000,unconfirmed:-1500}");
        Shape.ShouldFit(await wallet.CallAsync("server.version", """["late","1.4"]"""), "[str,\"1.4\"]");
        ClientChecks.RawHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
    }

    [Fact]
    public async Task A_peer_that_verifies_this_server_finds_everything_in_order()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var peer = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
        Shape.ShouldFit(await peer.CallAsync("server.version", """["ElectrumX 1.20.0",["1.4","1.6"]]"""), "[str,\"1.6\"]");
        int[] ids = await peer.SendTogetherAsync([("blockchain.headers.subscribe", "[]"), ("server.features", "[]"), ("server.peers.subscribe", "[]"), ("blockchain.block.header", $"[{ConformanceChain.Tip - 10}]")]);
        (await peer.ResultAsync(ids[0])).GetProperty("height").GetInt32().ShouldBe(ConformanceChain.Tip);
        Shape.ShouldFit(await peer.ResultAsync(ids[1]), ConformanceServer.Fill("$features,hash_function:\"sha256\"}"));
        ClientChecks.Peers(await peer.ResultAsync(ids[2]));
        Convert.FromHexString((await peer.ResultAsync(ids[3])).GetString()!).ShouldBe(ConformanceChain.Headers[ConformanceChain.Tip - 10]);
    }

    /// <summary>The one with transactions first.</summary>
    private static IEnumerable<string> Scripts(int count) =>
        Enumerable.Range(0, count).Select(i => i == 0 ? $"\"{ConformanceChain.ScriptHash}\"" : $"\"{ScriptedChain.Hash(i)}\"");

    /// <returns>The results by id; all are there, and nothing else.</returns>
    private static async Task<Dictionary<string, JsonElement>> BatchAsync(TestWallet wallet, string method, string[] args)
    {
        await wallet.SendLineAsync($"[{string.Join(',', args.Select((arg, id) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":[{{arg}}]}"""))}]");
        Dictionary<string, JsonElement> results = new(StringComparer.Ordinal);
        foreach (JsonElement reply in (await wallet.ReadAsync()).EnumerateArray())
        {
            string id = reply.GetProperty("id").GetRawText();
            results.Add(id, StrictReply.Result(reply.GetRawText(), id));
        }

        results.Count.ShouldBe(args.Length);
        return results;
    }
}
