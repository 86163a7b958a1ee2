// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

/// <summary>The client against what the three Potcoin nodes really answer.</summary>
public sealed class RecordedNodeTests
{
    public static TheoryData<string> Versions => ["0.8.6.4", "0.8.7.2", "0.9.5.0"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_tip_is_read_from_every_version(string version)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        ChainTip tip = await client.GetTipAsync(TestClient.Cancel);

        tip.Height.ShouldBe(node.ResultOf("getblockcount").GetInt32());
        tip.Hash.ToString().ShouldBe(node.ResultOf("getbestblockhash").GetString());
        client.Status.State.ShouldBe(DaemonState.Ok);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Hashes_end_where_the_chain_ends(string version)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        int height = node.ResultOf("getblockcount").GetInt32();

        IReadOnlyList<Hash256> hashes = await client.GetBlockHashesAsync(height, 2, TestClient.Cancel);

        hashes.Single().ToString().ShouldBe(node.ResultOf("getbestblockhash").GetString());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Raw_blocks_are_those_asked_for(string version)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        string[] names = ["getblock-genesis-raw", "getblock-pow-raw"];

        IReadOnlyList<byte[]> blocks = await client.GetBlocksAsync([.. names.Select(name => Hash256.Parse(node.ParameterOf(name)))], TestClient.Cancel);

        blocks.Select(Convert.ToHexStringLower).ShouldBe(names.Select(name => node.ResultOf(name).GetString()!));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_unknown_transaction_is_null_and_costs_no_connection(string version)
    {
        await using var daemon = new ScriptedDaemon(new RecordedNode(version).Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        Hash256 unknown = Hash256.Parse(new string('1', 64));

        (await client.GetRawTransactionAsync(unknown, TestClient.Cancel)).ShouldBeNull();
        (await client.GetRawTransactionAsync(unknown, TestClient.Cancel)).ShouldBeNull();

        daemon.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task The_doubled_time_of_0872_becomes_one_the_time_of_the_block()
    {
        var node = new RecordedNode("0.8.7.2");
        await using var daemon = new ScriptedDaemon(node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        Hash256 txid = Hash256.Parse(node.ParameterOf("getrawtransaction-multi-output-v4-verbose"));
        node.ReplyOf("getrawtransaction-multi-output-v4-verbose").Split("\"time\"").Length.ShouldBe(3, "the recording has the key twice");

        JsonElement transaction = (await client.GetVerboseTransactionAsync(txid, TestClient.Cancel)).ShouldNotBeNull();

        transaction.EnumerateObject().Count(property => property.NameEquals("time")).ShouldBe(1);
        transaction.GetProperty("time").GetInt64().ShouldBe(transaction.GetProperty("blocktime").GetInt64());
        transaction.GetProperty("txid").GetString().ShouldBe(txid.ToString());
    }

    [Theory]
    [InlineData("0.8.6.4", "v0.8.6.4", null)]
    [InlineData("0.8.7.2", "v0.8.7.2", null)]
    [InlineData("0.9.5.0", "v0.9.5.0", 100_000L)]
    public async Task Every_version_tells_what_it_can_of_itself(string version, string name, long? relayFee)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(call => call.Method == "getmempoolinfo" ? node.ReplyOf("estimatefee") : node.Answer(call));
        daemon.Misbehave = request =>
        {
            ScriptedReply reply = daemon.Answer(request);
            return reply with { Text = reply.Text.Replace("v0.8.7.2-test", $"{name}-gabc", StringComparison.Ordinal) };
        };
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        DaemonInfo info = await client.GetInfoAsync(TestClient.Cancel);

        info.Version.ShouldStartWith(name);
        info.Blocks.ShouldBe(node.ResultOf("getblockcount").GetInt32());
        info.RelayFee.ShouldBe(relayFee);
        info.MempoolMinFee.ShouldBeNull();
        info.IncrementalRelayFee.ShouldBeNull();
        info.Connections.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_missing_method_is_not_asked_for_again()
    {
        var node = new RecordedNode("0.8.7.2");
        await using var daemon = new ScriptedDaemon(call => call.Method == "estimatesmartfee" ? node.ReplyOf("estimatefee") : node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        for (int i = 0; i < 3; i++)
            (await client.EstimateFeeAsync(2, FeeEstimateMode.Economical, TestClient.Cancel)).ShouldBeNull();

        daemon.Count("estimatesmartfee").ShouldBe(1);
        daemon.Count("estimatefee").ShouldBe(1);
    }

    [Theory]
    [InlineData("0.8.7.2", "sendraw-missing-inputs", -22, "TX rejected")]
    [InlineData("0.8.7.2", "sendraw-garbage", -22, "TX decode failed")]
    [InlineData("0.9.5.0", "sendraw-missing-inputs", -25, "")]
    [InlineData("0.9.5.0", "sendraw-outputs-exceed-inputs", -26, "16: bad-txns-inputs-lower-outputs")]
    [InlineData("0.9.5.0", "sendraw-coinstake", -27, "transaction already in block chain")]
    public async Task A_refusal_reaches_the_wallet_verbatim(string version, string name, int code, string message)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(call => call.Method switch
        {
            "sendrawtransaction" => node.ReplyOf(name),
            "getrawtransaction" => node.ReplyOf("getrawtransaction-unknown"),
            _ => node.Answer(call),
        });
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        var refusal = await Should.ThrowAsync<DaemonRejectedException>(client.SendRawTransactionAsync(node.ParameterOf(name), TestClient.Cancel));

        (refusal.Code, refusal.RpcMessage).ShouldBe((code, message));
        client.Status.State.ShouldBe(DaemonState.Ok, "a refusal says nothing against the daemon");
    }

    [Fact]
    public async Task A_transaction_already_in_the_mempool_of_0872_is_no_refusal()
    {
        var node = new RecordedNode("0.8.7.2");
        await using var daemon = new ScriptedDaemon(call => call.Method switch
        {
            "sendrawtransaction" => node.ReplyOf("sendraw-already-in-mempool"),
            "getrawtransaction" => ScriptedDaemon.Result("{\"txid\":\"of the mempool: no blockhash\"}"),
            _ => node.Answer(call),
        });
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        Hash256 txid = await client.SendRawTransactionAsync(node.ParameterOf("sendraw-already-in-mempool"), TestClient.Cancel);

        txid.ToString().ShouldBe(node.ResultOf("sendraw-ok").GetString());
    }

    [Theory]
    [InlineData("0.8.7.2")]
    [InlineData("0.9.5.0")]
    public async Task The_txid_is_the_daemons_even_if_bytes_follow_the_transaction(string version)
    {
        var node = new RecordedNode(version);
        await using var daemon = new ScriptedDaemon(call => call.Method == "sendrawtransaction" ? node.ReplyOf("sendraw-trailing-bytes") : node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        Hash256 txid = await client.SendRawTransactionAsync(node.ParameterOf("sendraw-trailing-bytes"), TestClient.Cancel);

        txid.ToString().ShouldBe(node.ResultOf("sendraw-trailing-bytes").GetString());
    }

    [Fact]
    public async Task Requests_are_what_potcoind_understands()
    {
        await using var daemon = new ScriptedDaemon(new RecordedNode("0.8.7.2").Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        await client.GetTipAsync(TestClient.Cancel);

        foreach (ScriptedRequest request in daemon.Requests)
        {
            request.Head.ShouldStartWith("POST / HTTP/1.1\r\n");
            request.Head.ShouldContain("Authorization: Basic dXNlcjpwYXNz\r\n");
            request.Head.ShouldContain($"Content-Length: {request.Body.Length}\r\n");
            request.Head.ShouldNotContain("chunked", Case.Insensitive);
            request.Head.ShouldNotContain("Expect", Case.Insensitive);
        }
    }

    [Fact]
    public async Task Mempool_transactions_hash_to_their_txids()
    {
        var node = new RecordedNode("0.9.5.0");
        await using var daemon = new ScriptedDaemon(node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        Hash256 txid = Hash256.Parse(node.ParameterOf("getrawtransaction-mempool"));

        IReadOnlyList<Hash256> txids = await client.GetMempoolTxidsAsync(TestClient.Cancel);
        byte[] raw = (await client.GetRawTransactionAsync(txid, TestClient.Cancel)).ShouldNotBeNull();

        txids.Count.ShouldBe(node.ResultOf("getrawmempool").GetArrayLength());
        TransactionReader.Read(raw, TransactionFormat.Posv, out _).ComputeTxid().ShouldBe(txid);
    }
}
