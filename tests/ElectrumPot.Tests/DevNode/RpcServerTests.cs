// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>The manners of potcoind's HTTP server that break naive clients.</summary>
public sealed class RpcServerTests
{
    private static readonly DevNodeOptions Small = new()
    {
        BlockCount = 40, LastPowHeight = 20, LargeBlockTransactions = 0, TransactionsPerBlock = 1, SlowWrites = false,
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_idle_sockets_starve_a_fifth_until_one_of_them_goes()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        List<RawHttp> idle = [];
        for (int i = 0; i < 4; i++)
            idle.Add(await RawHttp.ConnectAsync(node, Cancellation));
        while (node.ConnectionsAccepted < 4)
            await Task.Delay(5, Cancellation);

        using RawHttp fifth = await RawHttp.ConnectAsync(node, Cancellation);
        Task<RawReply> answer = fifth.CallAsync("getblockcount", "[]", Cancellation);
        (await Task.WhenAny(answer, Task.Delay(300, Cancellation))).ShouldNotBe(answer);

        idle[2].Dispose();
        (await answer.WaitAsync(Patience, Cancellation)).Status.ShouldBe(200);
        idle.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_kept_alive_connection_serves_many_calls_and_pipelined_ones_in_order()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        using RawHttp http = await RawHttp.ConnectAsync(node, Cancellation);
        for (int i = 0; i < 20; i++)
            (await http.CallAsync("getblockcount", "[]", Cancellation)).Json.GetProperty("result").GetInt32().ShouldBe(40);

        for (int height = 0; height < 5; height++)
            await http.SendOnlyAsync("POST / HTTP/1.1", [], $$"""{"method":"getblockhash","params":[{{height}}],"id":{{height}}}""", Cancellation);
        for (int height = 0; height < 5; height++)
        {
            RawReply reply = await http.ReceiveAsync(Cancellation);
            reply.Json.GetProperty("id").GetInt32().ShouldBe(height);
            reply.Json.GetProperty("result").GetString().ShouldBe(node.Chain.BlockAt(height).Hash.ToString());
        }

        node.ConnectionsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_call_ends_the_connection_and_a_failing_item_of_a_batch_does_not()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        using RawHttp http = await RawHttp.ConnectAsync(node, Cancellation);
        RawReply batch = await http.PostAsync("""[{"method":"getblockhash","params":[4000],"id":1},{"method":"getblockcount","id":2}]""", Cancellation);
        batch.Status.ShouldBe(200);
        batch.Header("Connection").ShouldBe("keep-alive");
        batch.Json[0].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-1);
        batch.Json[1].GetProperty("result").GetInt32().ShouldBe(40);

        (await http.CallAsync("getblockhash", "[4000]", Cancellation)).Header("Connection").ShouldBe("close");
        (await http.IsClosedAsync(Patience, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Larger_replies_stall_on_a_kept_alive_connection_unless_told_not_to()
    {
        await using DevNode slow = await DevNode.StartAsync(Small with { SlowWrites = true }, Cancellation);
        await using DevNode fast = await DevNode.StartAsync(Small, Cancellation);
        TimeSpan stalled = await TimeOfBatchesAsync(slow, AsBatch(), Cancellation);
        TimeSpan direct = await TimeOfBatchesAsync(fast, AsBatch(), Cancellation);
        // The delayed acknowledgement of Linux takes 40 ms; ten batches lose it nearly each time.
        stalled.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(200));
        stalled.ShouldBeGreaterThan(direct);

        static string AsBatch() =>
            "[" + string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{"method":"getblockhash","params":[{{i % 40}}],"id":{{i}}}""")) + "]";
    }

    [Fact]
    public async Task A_wrong_password_costs_250_ms_only_where_the_right_one_is_short()
    {
        await using DevNode shortOne = await DevNode.StartAsync(Small with { Password = "short" }, Cancellation);
        await using DevNode longOne = await DevNode.StartAsync(Small, Cancellation);
        (await TimeOfWrongPasswordAsync(shortOne)).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(240));
        List<TimeSpan> times = [];
        for (int i = 0; i < 5; i++)
            times.Add(await TimeOfWrongPasswordAsync(longOne));
        times.Min().ShouldBeLessThan(TimeSpan.FromMilliseconds(240));
    }

    [Fact]
    public async Task Time_stands_twice_in_the_verbose_transaction_of_0872_only()
    {
        foreach ((DevNodeVersion version, int times) in new[] { (DevNodeVersion.Posv0872, 2), (DevNodeVersion.Og0950, 1) })
        {
            await using DevNode node = await DevNode.StartAsync(Small with { Version = version }, Cancellation);
            Hash256 txid = node.Chain.Tip.Transactions[1].Txid;
            RawReply reply = await RawHttp.CallAsync(node, "getrawtransaction", $"[\"{txid}\",1]", Cancellation);
            reply.Json.GetProperty("result").EnumerateObject().Count(property => property.Name == "time").ShouldBe(times);
        }
    }

    [Fact]
    public async Task Blocks_mempool_and_transactions_come_as_they_are()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        node.AddRandomTransactions(5);
        foreach (DevBlock block in node.Chain.Blocks)
        {
            JsonElement hash = (await RawHttp.CallAsync(node, "getblockhash", $"[{block.Height}]", Cancellation)).Json.GetProperty("result");
            RawReply raw = await RawHttp.CallAsync(node, "getblock", $"[{hash.GetRawText()},false]", Cancellation);
            raw.Json.GetProperty("result").GetString().ShouldBe(Convert.ToHexStringLower(block.Raw));
        }

        JsonElement listed = (await RawHttp.CallAsync(node, "getrawmempool", "[]", Cancellation)).Json.GetProperty("result");
        listed.EnumerateArray().Select(txid => txid.GetString()).ShouldBe(
            node.Mempool.Entries.Select(entry => entry.Transaction.Txid.ToString()).Order(StringComparer.Ordinal));
        DevTransaction waiting = node.Mempool.Entries[0].Transaction;
        RawReply transaction = await RawHttp.CallAsync(node, "getrawtransaction", $"[\"{waiting.Txid}\"]", Cancellation);
        transaction.Json.GetProperty("result").GetString().ShouldBe(Convert.ToHexStringLower(waiting.Raw));
    }

    [Fact]
    public async Task Stop_accepts_no_more_and_ends_with_the_last_connection()
    {
        await using DevNode node = await DevNode.StartAsync(Small, Cancellation);
        using RawHttp lingering = await RawHttp.ConnectAsync(node, Cancellation);
        (await lingering.CallAsync("getblockcount", "[]", Cancellation)).Status.ShouldBe(200);
        (await RawHttp.CallAsync(node, "stop", "[]", Cancellation)).Json.GetProperty("result").GetString().ShouldBe("Potcoin server stopping");
        (await lingering.CallAsync("getblockcount", "[]", Cancellation)).Status.ShouldBe(200);
        node.Stopped.IsCompleted.ShouldBeFalse();
        lingering.Dispose();
        await node.Stopped.WaitAsync(Patience, Cancellation);
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(() => RawHttp.ConnectAsync(node, Cancellation));
    }

    private static async Task<TimeSpan> TimeOfBatchesAsync(DevNode node, string batch, CancellationToken cancellationToken)
    {
        using RawHttp http = await RawHttp.ConnectAsync(node, cancellationToken);
        await http.PostAsync(batch, cancellationToken);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 10; i++)
            (await http.PostAsync(batch, cancellationToken)).Json.GetArrayLength().ShouldBe(200);
        return watch.Elapsed;
    }

    private static async Task<TimeSpan> TimeOfWrongPasswordAsync(DevNode node)
    {
        using RawHttp http = await RawHttp.ConnectAsync(node, Cancellation);
        var watch = Stopwatch.StartNew();
        RawReply reply = await http.SendAsync("POST / HTTP/1.1", [new("Authorization", RawHttp.Basic("devnode", "wrong"))], "{}", Cancellation);
        reply.StatusLine.ShouldBe("HTTP/1.0 401 Authorization Required");
        return watch.Elapsed;
    }
}
