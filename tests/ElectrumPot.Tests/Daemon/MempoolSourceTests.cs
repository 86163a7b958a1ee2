// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class MempoolSourceTests
{
    private readonly FakeChain _chain = new(2);
    private readonly Dictionary<Hash256, string> _mempool = [];
    private readonly LogCollector<MempoolSource> _log = new();

    [Fact]
    public async Task Only_what_is_unknown_is_fetched()
    {
        Hash256[] txids = [.. Enumerable.Range(0, 450).Select(Add)];
        await using var daemon = new ScriptedDaemon(Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        MempoolDelta delta = await new MempoolSource(client, _chain.Coin, _log).PollAsync(txids[..100].ToHashSet(), TestClient.Cancel);

        delta.All.ShouldBe(txids, ignoreOrder: true);
        delta.Added.Select(transaction => transaction.Txid).ShouldBe(txids[100..], ignoreOrder: true);
        delta.Added.Select(transaction => Sha256d.Hash(transaction.Raw.Span)).ShouldBe(delta.Added.Select(transaction => transaction.Txid));
        delta.IsComplete.ShouldBeTrue();
        daemon.Requests.Sum(request => request.Calls.Count(call => call.Method == "getrawtransaction")).ShouldBe(350);
    }

    [Fact]
    public async Task What_vanished_between_list_and_question_is_absent()
    {
        Hash256 stays = Add(1);
        Hash256 goes = Add(2);
        await using var daemon = new ScriptedDaemon(call =>
            call.Method == "getrawtransaction" && call.Text(0) == goes.ToString() ? ScriptedDaemon.Error(-5, "No information") : Answer(call));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        MempoolDelta delta = await new MempoolSource(client, _chain.Coin, _log).PollAsync(new HashSet<Hash256>(), TestClient.Cancel);

        delta.Added.Single().Txid.ShouldBe(stays);
        delta.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Bytes_of_another_txid_are_left_out_with_one_line_in_the_log_and_one_question()
    {
        Hash256 good = Add(1);
        Hash256 rewritten = Add(2);
        // As a mining 0.8.7.2 does: version 4 becomes 3, and the bytes no longer hash to the id.
        _mempool[rewritten] = string.Concat("03", _mempool[rewritten].AsSpan(2, _mempool[rewritten].Length - 10));
        await using var daemon = new ScriptedDaemon(Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var source = new MempoolSource(client, _chain.Coin, _log);

        for (int i = 0; i < 3; i++)
            (await source.PollAsync(new HashSet<Hash256>(), TestClient.Cancel)).Added.Single().Txid.ShouldBe(good);

        _log.Lines.Single().Level.ShouldBe(LogLevel.Warning);
        daemon.Requests.Sum(request => request.Calls.Count(call => call.Method == "getrawtransaction" && call.Text(0) == rewritten.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task A_large_mempool_comes_in_portions()
    {
        for (int i = 0; i < 900; i++)
            Add(i);
        await using var daemon = new ScriptedDaemon(Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        var source = new MempoolSource(client, _chain.Coin, _log, maxBytesPerPoll: 20_000);
        var known = new HashSet<Hash256>();
        int polls = 0;

        MempoolDelta delta;
        do
        {
            delta = await source.PollAsync(known, TestClient.Cancel);
            delta.Added.ShouldNotBeEmpty();
            known.UnionWith(delta.Added.Select(transaction => transaction.Txid));
            polls++;
        }
        while (!delta.IsComplete);

        known.Count.ShouldBe(900);
        polls.ShouldBeGreaterThan(1);
    }

    /// <summary>A version 4 transaction with one input and one output, told apart by its nTime.</summary>
    private Hash256 Add(int time)
    {
        byte[] raw = [4, 0, 0, 0, 1, .. new byte[41], 1, .. new byte[9], .. new byte[4], .. BitConverter.GetBytes(time)];
        Hash256 txid = Sha256d.Hash(raw);
        _mempool[txid] = Convert.ToHexStringLower(raw);
        return txid;
    }

    private string Answer(RpcCall call) => call.Method switch
    {
        "getrawmempool" => ScriptedDaemon.Result($"[{string.Join(',', _mempool.Keys.Select(txid => $"\"{txid}\""))}]"),
        "getrawtransaction" => ScriptedDaemon.Result($"\"{_mempool[Hash256.Parse(call.Text(0))]}\""),
        _ => _chain.Answer(call),
    };
}
