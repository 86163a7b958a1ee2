// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

public sealed class SessionTests
{
    [Theory]
    [InlineData("""{"id":0,"method":"server.ping"}""", """{"jsonrpc":"2.0","id":0,"result":null}""")]
    [InlineData("""{"id":"a\u0062","method":"server.ping","params":null}""", """{"jsonrpc":"2.0","id":"a\u0062","result":null}""")]
    [InlineData("{\"id\":1.0,\"method\":\"server.ping\",\"params\":{}}\r", """{"jsonrpc":"2.0","id":1.0,"result":null}""")]
    [InlineData("""{"id":[1],"method":"server.ping"}""", """{"jsonrpc":"2.0","id":[1],"result":null}""")]
    [InlineData("""{"id":5,"method":"no.such"}""", """{"jsonrpc":"2.0","id":5,"error":{"code":-32601,"message":"unknown method: no.such"}}""")]
    [InlineData("""{"id":5,"method":"server.ping","params":[1]}""", """{"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"the method takes no arguments"}}""")]
    [InlineData("""{"id":5}""", """{"jsonrpc":"2.0","id":5,"error":{"code":-32600,"message":"the request has no method, or it is not a string"}}""")]
    [InlineData("xx", """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the request is not valid JSON"}}""")]
    [InlineData("[]", """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a batch holds at least one request"}}""")]
    [InlineData("[1", """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the request is not valid JSON"}}""")]
    [InlineData("5", """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a request is a JSON object with a method"}}""")]
    public async Task A_line_gets_exactly_this_answer_and_the_connection_lives(string line, string answer)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ExchangeAsync(line)).ShouldBe(answer);
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t\r")]
    [InlineData("""{"method":"server.ping"}""")]
    [InlineData("""{"id":null,"method":"server.ping"}""")]
    [InlineData("""{"method":"no.such"}""")]
    [InlineData("""[{"method":"server.ping"},{"method":"no.such"}]""")]
    public async Task Notifications_and_blank_lines_get_no_answer(string line)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync(line);
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task The_word_quit_ends_an_old_session_and_no_new_one()
    {
        await using var server = new TestSessions();
        TestWallet modern = server.Connect();
        await modern.NegotiateAsync("1.4");
        (await modern.ExchangeAsync("quit"))!.ShouldContain("-32700");
        TestWallet old = server.Connect();
        (await old.ExchangeAsync("quit")).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_over_the_limit_is_refused_before_it_has_ended()
    {
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxRequestBytes = 1000 } });
        TestWallet wallet = server.Connect();
        await wallet.SendAsync(new string(' ', 1001));
        (await wallet.ReadAsync()).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32600);
        (await wallet.ReadLineAsync()).ShouldBeNull();
        server.Log.Lines.ShouldContain(line => line.Contains("reason=request-too-large"));
    }

    [Fact]
    public async Task Requests_are_answered_in_their_order_however_they_arrive()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        string all = string.Concat(Enumerable.Range(0, 500).Select(id => $$"""{"id":{{id}},"method":"blockchain.block.header","params":[{{id % 100}}]}""" + "\n"));
        for (int at = 0; at < all.Length; at += 777)
            await wallet.SendAsync(all[at..Math.Min(all.Length, at + 777)]);
        for (int id = 0; id < 500; id++)
            (await wallet.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(id);
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
    }

    [Fact]
    public async Task A_batch_is_answered_by_one_array_with_a_reply_for_each_id()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync("""[{"id":1,"method":"server.ping"},{"method":"server.ping"},{"id":"x","method":"no.such"},5,{"id":2,"method":"blockchain.transaction.get","params":["zz"]}]""");
        JsonElement[] replies = [.. (await wallet.ReadAsync()).EnumerateArray()];
        replies.Select(reply => reply.GetProperty("id").GetRawText()).ShouldBe(["1", "\"x\"", "null", "2"]);
        replies.Count(reply => reply.TryGetProperty("error", out _)).ShouldBe(3);
    }

    [Fact]
    public async Task A_batch_with_slow_members_comes_as_one_when_all_are_there()
    {
        var hold = new TaskCompletionSource();
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxOutstanding = 2 } });
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        string slow = string.Join(',', Enumerable.Range(0, 10).Select(id => $$"""{"id":{{id}},"method":"blockchain.transaction.get","params":["{{ScriptedChain.Hash(id)}}"]}"""));
        await wallet.SendLineAsync($$"""[{{slow}},{"id":10,"method":"server.ping"}]""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests >= 2));
        hold.SetResult();
        (await wallet.ReadAsync()).EnumerateArray().Select(reply => reply.GetProperty("id").GetInt32()).ShouldBe(Enumerable.Range(0, 11), ignoreOrder: true);
    }

    [Fact]
    public async Task Batches_are_bounded_in_members_and_in_the_size_of_their_reply()
    {
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxBatch = 5, MaxReplyBytes = 1000 } });
        TestWallet wallet = server.Connect();
        const string Ping = """{"id":1,"method":"server.ping"}""";
        (await wallet.ExchangeAsync($"[{string.Join(',', Enumerable.Repeat(Ping, 6))}]"))!.ShouldContain("\"code\":4");
        const string Headers = """{"id":1,"method":"blockchain.block.headers","params":[0,4]}""";
        await wallet.SendLineAsync($"[{Headers},{Headers},{Ping}]");
        JsonElement[] replies = [.. (await wallet.ReadAsync()).EnumerateArray()];
        replies[0].TryGetProperty("result", out _).ShouldBeTrue();
        replies[1].GetProperty("error").GetProperty("message").GetString()!.ShouldContain("too large");
        replies.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_reply_over_the_limit_is_an_error()
    {
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxReplyBytes = 1000 } });
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.block.headers", "[0,50]")).Code.ShouldBe(-32600);
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("electrum/4.3.4", 9_090)]
    [InlineData("electrum/4.6.0", 73_636)]
    [InlineData("BlueWallet", 73_636)]
    public async Task Electrum_before_4_6_is_never_sent_what_it_would_drop(string client, int maxHistory)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.ResultAsync("server.version", $"[\"{client}\",\"1.4\"]");
        server.Manager.Sessions.Single().MaxHistory.ShouldBe(maxHistory);
    }

    [Fact]
    public async Task A_wallet_that_does_not_read_is_sent_away_and_no_other_feels_it()
    {
        await using var server = new TestSessions();
        TestWallet silent = server.Connect(windowBytes: 4096);
        TestWallet other = server.Connect();
        for (int id = 0; id < 50; id++)
            await silent.SendLineAsync($$"""{"id":{{id}},"method":"blockchain.block.headers","params":[0,2016]}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests > 0));
        await other.ExpectSilenceAsync();
        await Poll.UntilAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(10));
            return server.Log.Lines.Any(line => line.StartsWith("session closed id=", StringComparison.Ordinal) && line.Contains(" reason=slow-reader "));
        });
        server.Manager.Count.ShouldBe(1);
        await other.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_silent_wallet_is_sent_away_after_ten_minutes_and_a_pinging_one_is_not()
    {
        await using var server = new TestSessions();
        TestWallet silent = server.Connect();
        TestWallet pinging = server.Connect();
        await silent.ExpectSilenceAsync();
        for (int i = 0; i < 7; i++)
        {
            await pinging.ExpectSilenceAsync();
            server.Time.Advance(TimeSpan.FromSeconds(100));
        }

        (await silent.ReadLineAsync()).ShouldBeNull();
        await pinging.ExpectSilenceAsync();
        server.Log.Lines.ShouldContain(line => line.Contains("reason=idle"));
    }

    [Fact]
    public async Task Who_hangs_up_after_asking_still_gets_the_answer()
    {
        var hold = new TaskCompletionSource();
        await using var server = new TestSessions();
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync($$"""{"id":1,"method":"blockchain.transaction.get","params":["{{ScriptedChain.Hash(1)}}"]}""");
        await wallet.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 1));
        hold.SetResult();
        (await wallet.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(1);
        (await wallet.ReadLineAsync()).ShouldBeNull();
        await Poll.UntilAsync(() => server.Manager.Count == 0);
    }
}
