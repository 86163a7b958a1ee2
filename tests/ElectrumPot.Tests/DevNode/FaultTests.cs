// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text.Json;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>Each fault shows on the wire, and is gone when it is switched off.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private DevNode _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await DevNode.StartAsync(
        new DevNodeOptions { BlockCount = 40, LastPowHeight = 20, LargeBlockTransactions = 0, TransactionsPerBlock = 1, SlowWrites = false }, Cancellation);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Safe_mode_refuses_data_and_still_counts()
    {
        _node.Faults.SafeMode = "Warning: Displayed transactions may not be correct!";
        (string Method, string Parameters)[] refused =
        [
            ("getblock", $"[\"{_node.Chain.Tip.Hash}\"]"), ("getblockhash", "[0]"), ("getrawtransaction", "[\"00\"]"), ("sendrawtransaction", "[\"00\"]"),
        ];
        foreach ((string method, string parameters) in refused)
        {
            JsonElement error = (await CallAsync(method, parameters)).Json.GetProperty("error");
            error.GetProperty("code").GetInt32().ShouldBe(-2);
            error.GetProperty("message").GetString().ShouldBe("Safe mode: Warning: Displayed transactions may not be correct!");
        }

        (await CallAsync("getblockcount", "[]")).Status.ShouldBe(200);
        (await ResultAsync("getinfo", "[]")).GetProperty("errors").GetString().ShouldStartWith("Warning");
        _node.Faults.SafeMode = null;
        (await CallAsync("getblockhash", "[0]")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refused_connections_end_the_open_ones_and_the_same_port_comes_back()
    {
        int port = _node.Port;
        using RawHttp open = await RawHttp.ConnectAsync(_node, Cancellation);
        (await open.CallAsync("getblockcount", "[]", Cancellation)).Status.ShouldBe(200);

        _node.Faults.RefuseConnections = true;
        (await open.IsClosedAsync(Patience, Cancellation)).ShouldBeTrue();
        (await Should.ThrowAsync<SocketException>(() => RawHttp.ConnectAsync(_node, Cancellation))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        _node.Faults.RefuseConnections = false;
        _node.Port.ShouldBe(port);
        (await ResultAsync("getblockcount", "[]")).GetInt32().ShouldBe(40);
    }

    [Fact]
    public async Task Reindexing_climbs_from_below_with_the_same_hashes_and_an_empty_mempool()
    {
        _node.AddRandomTransactions(2);
        _node.Faults.Reindexing(fromHeight: 5, step: 10);
        (await ResultAsync("getblockcount", "[]")).GetInt32().ShouldBe(5);
        (await ResultAsync("getrawmempool", "[]")).GetArrayLength().ShouldBe(0);
        (await ResultAsync("getblockhash", "[5]")).GetString().ShouldBe(_node.Chain.BlockAt(5).Hash.ToString());
        (await CallAsync("getblockhash", "[30]")).Json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-1);
        (await CallAsync("getblock", $"[\"{_node.Chain.BlockAt(30).Hash}\"]")).Json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-5);
        List<int> heights = [];
        for (int i = 0; i < 5; i++)
            heights.Add((await ResultAsync("getblockcount", "[]")).GetInt32());
        heights.ShouldBe([15, 25, 35, 40, 40]);
        (await ResultAsync("getrawmempool", "[]")).GetArrayLength().ShouldBe(2);

        _node.Faults.Reindexing(0);
        _node.Faults.AdvanceReindex(7);
        (await ResultAsync("getblockcount", "[]")).GetInt32().ShouldBe(7);
        _node.Faults.EndReindex();
        (await ResultAsync("getblockcount", "[]")).GetInt32().ShouldBe(40);
    }

    [Fact]
    public async Task Hanging_answers_nothing_until_it_ends()
    {
        _node.Faults.Hang = true;
        Task<RawReply> answer = CallAsync("getblockcount", "[]");
        (await Task.WhenAny(answer, Task.Delay(200, Cancellation))).ShouldNotBe(answer);
        _node.Faults.Hang = false;
        (await answer.WaitAsync(Patience, Cancellation)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Delayed_replies_come_late()
    {
        _node.Faults.DelayReplies = TimeSpan.FromMilliseconds(150);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await CallAsync("getblockcount", "[]")).Status.ShouldBe(200);
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(140));
    }

    [Fact]
    public async Task A_dropped_connection_leaves_part_of_the_reply()
    {
        _node.Faults.DropConnectionAfterBytes = 400;
        using RawHttp http = await RawHttp.ConnectAsync(_node, Cancellation);
        RawReply reply = await http.CallAsync("getblock", $"[\"{_node.Chain.Tip.Hash}\",false]", Cancellation);
        int promised = int.Parse(reply.Header("Content-Length")!);
        reply.Body.Length.ShouldBeInRange(1, promised - 1);
        _node.Faults.DropConnectionAfterBytes = null;
        (await CallAsync("getblock", $"[\"{_node.Chain.Tip.Hash}\",false]")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_truncated_reply_is_proper_http_and_broken_json()
    {
        _node.Faults.TruncateReply = 20;
        RawReply reply = await CallAsync("getbestblockhash", "[]");
        reply.Status.ShouldBe(200);
        reply.Header("Content-Length").ShouldBe("20");
        Should.Throw<JsonException>(() => reply.Json);
    }

    [Fact]
    public async Task A_wrong_block_is_another_one_than_asked_for()
    {
        _node.Faults.WrongBlock = true;
        string? raw = (await ResultAsync("getblock", $"[\"{_node.Chain.BlockAt(10).Hash}\",false]")).GetString();
        raw.ShouldBe(Convert.ToHexStringLower(_node.Chain.BlockAt(9).Raw));
    }

    [Fact]
    public async Task A_mempool_transaction_vanishes_between_list_and_look()
    {
        DevTransaction waiting = _node.AddRandomTransactions(1)[0];
        _node.Faults.MempoolTransactionVanishes = true;
        (await ResultAsync("getrawmempool", "[]"))[0].GetString().ShouldBe(waiting.Txid.ToString());
        (await CallAsync("getrawtransaction", $"[\"{waiting.Txid}\"]")).Json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-5);
    }

    [Fact]
    public async Task A_wrong_genesis_is_that_of_another_network()
    {
        _node.Faults.WrongGenesis = true;
        (await ResultAsync("getblockhash", "[0]")).GetString().ShouldBe("375a10038dbcbf09dbf211280ffa68f5d0138be4c177bff231e28665b3eb8e91");
        (await ResultAsync("getblockhash", "[1]")).GetString().ShouldBe(_node.Chain.BlockAt(1).Hash.ToString());
    }

    private Task<RawReply> CallAsync(string method, string parameters) => RawHttp.CallAsync(_node, method, parameters, Cancellation);

    private async Task<JsonElement> ResultAsync(string method, string parameters)
    {
        RawReply reply = await CallAsync(method, parameters);
        reply.Status.ShouldBe(200);
        return reply.Json.GetProperty("result");
    }
}
