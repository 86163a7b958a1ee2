// SPDX-License-Identifier: MIT

using System.Net;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Transport.Polling;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class PollingTests
{
    private const string NotFound = "Error: session not found";
    private const string Ping = """{"id":1,"method":"server.ping"}""";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":null}""";

    private const string SlowRequest =
        """{"id":1,"method":"blockchain.transaction.get","params":["00000000000000000000000000000000000000000000000000000000000000aa"]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ElectrumTransport.Http)]
    [InlineData(ElectrumTransport.HttpTls)]
    public async Task The_conversation_that_was_recorded_with_the_server_of_2014_is_repeated(ElectrumTransport transport)
    {
        await using TestServer server = await TestServer.StartAsync(transport);
        using var wallet = new PollingWallet(server, transport);

        (await wallet.GetAsync()).ShouldBe("");
        string cookie = wallet.Cookie!;
        cookie.Length.ShouldBe(28);
        string both = await wallet.PostAndPollAsync(
            """[{"id":0,"method":"server.version","params":["1.9.8.1","0.9"]},{"id":1,"method":"server.banner","params":[]}]""");
        both.ShouldBe("""[{"jsonrpc":"2.0","id":0,"result":"0.9"},{"jsonrpc":"2.0","id":1,"result":""}]""");
        (await wallet.PostAndPollAsync("""{"id":5,"method":"server.banner","params":[]}""")).ShouldBe("""{"jsonrpc":"2.0","id":5,"result":""}""");
        (await wallet.PostAndPollAsync("""[{"id":6,"method":"server.banner","params":[]}]""")).ShouldBe("""{"jsonrpc":"2.0","id":6,"result":""}""");
        wallet.Cookie.ShouldBe(cookie);

        ErrorCode(await wallet.PostAsync("xx")).ShouldBe(-32700);
        (await wallet.GetAsync("/RPC2")).ShouldBe("");
        await wallet.GetAsync("/foo");
        wallet.Status.ShouldBe(404);
        wallet.Cookie = "unknown";
        (await wallet.GetAsync()).ShouldBe(NotFound);
        wallet.Status.ShouldBe(200);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ElectrumTransport.Http, "SESSION={0}")]
    [InlineData(ElectrumTransport.HttpTls, "SESSION={0}; Secure; HttpOnly")]
    public async Task Answers_carry_the_headers_of_2014(ElectrumTransport transport, string cookie)
    {
        await using TestServer server = await TestServer.StartAsync(transport);
        using var wallet = new PollingWallet(server, transport);

        await wallet.GetAsync();

        HttpResponseMessage answer = wallet.Answer!;
        answer.Headers.GetValues("Set-Cookie").Single().ShouldBe(string.Format(System.Globalization.CultureInfo.InvariantCulture, cookie, wallet.Cookie));
        answer.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("*");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json-rpc");
        answer.Content.Headers.ContentLength.ShouldBe(0);
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Options_and_other_methods_name_what_is_allowed()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);

        string options = await RawAsync(server, "OPTIONS / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        options.ShouldStartWith("HTTP/1.1 200 ");
        options.ShouldContain("\r\nAllow: GET, POST, OPTIONS\r\n");
        options.ShouldContain("\r\nAccess-Control-Allow-Origin: *\r\n");
        options.ShouldContain("\r\nContent-Length: 0\r\n");
        options.ShouldNotContain("Set-Cookie");
        (await RawAsync(server, "DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 405 ");
        server.Sessions.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task A_client_that_wants_the_connection_closed_gets_it_closed(string request)
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);

        // The end of the stream is awaited.
        string answer = await RawAsync(server, request);

        answer.ShouldContain(" 200 OK\r\n");
        answer.ShouldContain("\r\nContent-Length: 0\r\n");
    }

    [Theory]
    [InlineData("SESSION={0}")]
    [InlineData("theme=dark; SESSION={0}")]
    [InlineData("SESSION={0}; theme=dark")]
    [InlineData("a=b;SESSION={0};Secure")]
    public async Task The_session_is_found_wherever_it_stands_among_the_cookies(string cookies)
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.GetAsync();

        string header = string.Format(System.Globalization.CultureInfo.InvariantCulture, cookies, wallet.Cookie);
        string answer = await RawAsync(server, $"GET / HTTP/1.0\r\nCookie: {header}\r\n\r\n");

        answer.ShouldContain($"\r\nSet-Cookie: SESSION={wallet.Cookie}\r\n");
        server.Sessions.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("NOSESSION=x")]
    [InlineData("session=x")]
    public async Task Other_cookies_are_none(string cookie)
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        (await RawAsync(server, $"GET / HTTP/1.0\r\nCookie: {cookie}\r\n\r\n")).ShouldContain("Set-Cookie: SESSION=");
    }

    [Fact]
    public async Task A_session_made_under_tls_cannot_be_used_without()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http, ElectrumTransport.HttpTls);
        using var secure = new PollingWallet(server, ElectrumTransport.HttpTls);
        using var plain = new PollingWallet(server, ElectrumTransport.Http);
        await secure.GetAsync();
        plain.Cookie = secure.Cookie;

        (await plain.GetAsync()).ShouldBe(NotFound);
        (await secure.GetAsync()).ShouldBe("");
    }

    [Theory]
    [InlineData("5", -32600)]
    [InlineData("\"x\"", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"method":"server.ping"}""", -32600)]
    [InlineData("""{"id":1}""", -32600)]
    [InlineData("""{"id":1,"method":7}""", -32600)]
    [InlineData("""{"id":1,"method":"server.ping","params":7}""", -32600)]
    [InlineData("""[[{"id":1,"method":"server.ping"}]]""", -32600)]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("{} x", -32700)]
    [InlineData("""[{"id":1,"method":"server.ping"}""", -32700)]
    [InlineData("""{"\ud800":1}""", -32700)]
    public async Task What_is_no_request_is_a_fault(string body, int code)
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        string fault = await wallet.PostAsync(body);

        ErrorCode(fault).ShouldBe(code);
        wallet.Status.ShouldBe(200);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_lines_stay_lines()
    {
        const string Sample = """[{"jsonrpc":"2.0","id":1,"method":"a","params":[{"b":"\\u00e9\\ud83d"}]}, 7, {"id":null,"method":"c"},{"method":[1]}]""";
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] body = Encoding.UTF8.GetBytes(Sample);
            for (int i = random.Next(1, 5); i > 0; i--) body[random.Next(body.Length)] = (byte)random.Next(256);
            using ReplyWriter lines = ReplyWriter.Rent(int.MaxValue);
            using var faults = new PollingReply();
            if (PollingBody.Read(body.AsSpan(0, random.Next(body.Length + 1)), lines, faults, maxFaults: 100, out int awaited) is not null) continue;
            string[] written = Encoding.UTF8.GetString(lines.Written).Split('\n');
            written[^1].ShouldBeEmpty();
            awaited.ShouldBeLessThanOrEqualTo(written.Length - 1);
            written[..^1].ShouldAllBe(line => line.StartsWith('{') && line.EndsWith('}'));
        }
    }

    [Fact]
    public async Task A_fault_in_an_array_does_not_touch_the_other_requests()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        JsonElement answer = JsonElement.Parse(await wallet.PostAsync($"[7,\r\n{{\"id\":1,\r\n\"method\":\"server.ping\"}}, {{\"id\":\"b\"}}]"));

        JsonElement[] replies = [.. answer.EnumerateArray()];
        replies.Length.ShouldBe(3);
        replies.Count(reply => reply.TryGetProperty("error", out _)).ShouldBe(2);
        replies.Single(reply => reply.TryGetProperty("result", out _)).GetRawText().ShouldBe(Pong);
        replies.ShouldContain(reply => reply.GetProperty("id").ValueKind == JsonValueKind.String && reply.GetProperty("id").GetString() == "b");
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(5_000, false)]
    public async Task An_array_of_what_is_no_request_gets_one_fault(int members, bool eachItsOwn)
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { MaxBatch = 10 }, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        JsonElement answer = JsonElement.Parse(await wallet.PostAsync("[" + string.Join(',', Enumerable.Repeat("1", members)) + "]"));

        if (eachItsOwn) answer.GetArrayLength().ShouldBe(members);
        else answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task A_wallet_of_2014_may_post_more_requests_at_once_than_a_batch_has()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { MaxBatch = 10, PollingHold = TimeSpan.FromSeconds(20) }, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        JsonElement answer = JsonElement.Parse(await wallet.PostAsync("[" + string.Join(',', Enumerable.Repeat(Ping, 50)) + "]"));

        answer.EnumerateArray().Select(reply => reply.GetRawText()).ShouldBe(Enumerable.Repeat(Pong, 50));
    }

    [Fact]
    public async Task The_body_of_a_session_that_is_gone_is_not_looked_at()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http) { Cookie = "unknown" };

        (await wallet.PostAsync("xx")).ShouldBe(NotFound);
    }

    [Fact]
    public async Task A_body_has_to_come_in_the_time_of_a_request()
    {
        var time = new ManualTime();
        await using TestServer server = await TestServer.StartAsync(new SessionLimits(), time, ElectrumTransport.Http);
        await using Stream stream = await server.ConnectAsync(ElectrumTransport.Http);
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n["u8.ToArray(), Cancellation);

        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return server.Log.Lines.Any(line => line.Contains("limit=request_timeout"));
        });

        using var answer = new StreamReader(stream);
        (await answer.ReadLineAsync(Cancellation)).ShouldBe("HTTP/1.1 408 Request Timeout");
        server.Log.OwnErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wallet_that_does_not_read_its_answers_is_disconnected()
    {
        var time = new ManualTime();
        var limits = new SessionLimits { SlowReader = TimeSpan.FromSeconds(20), PollingHold = TimeSpan.FromMinutes(10) };
        await using TestServer server = await TestServer.StartAsync(limits, time, ElectrumTransport.Http);
        await using Stream stream = await server.ConnectAsync(ElectrumTransport.Http);
        Task asking = PostWithoutReadingAsync(stream);

        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return server.Log.Lines.Any(line => line.Contains("limit=slow_reader_timeout"));
        });

        await asking.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        server.Log.OwnErrors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET /foo")]
    [InlineData("OPTIONS /")]
    [InlineData("GET /", "Cookie: SESSION=unknown\r\n")]
    [InlineData("POST /", "Content-Length: 2\r\n", "xx")]
    public async Task Exchanges_that_reach_no_session_are_slowed_as_well(string request, string header = "", string body = "")
    {
        var time = new ManualTime();
        var rates = new RateLimits { RequestsPerSecond = 1, RequestBurst = 12 };
        await using TestServer server = await TestServer.StartAsync(rates, time, ElectrumTransport.Http);
        await using Stream stream = await server.ConnectAsync(ElectrumTransport.Http);
        byte[] exchange = Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: x\r\n{header}\r\n{body}");
        int answers = 0;
        Task reading = CountAnswersAsync(stream, () => Interlocked.Increment(ref answers));

        for (int i = 0; i < 3; i++) await stream.WriteAsync(exchange, Cancellation);
        await Poll.UntilAsync(() => server.Log.Lines.Any(line => line.Contains("limit=requests_per_second") && line.Contains("action=slowed")));
        Volatile.Read(ref answers).ShouldBeLessThan(3);

        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Volatile.Read(ref answers) == 3;
        });
        server.Log.OwnErrors.ShouldBeEmpty();
        stream.Close();
        await reading;
    }

    [Fact]
    public async Task A_connection_that_hurries_on_is_sent_away()
    {
        await using TestServer server = await TestServer.StartAsync(new RateLimits { RequestsPerSecond = 1, RequestBurst = 2 }, new ManualTime(), ElectrumTransport.Http);

        (await RawAsync(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 429 ");
        server.Log.Lines.ShouldContain(line => line.Contains("limit=requests_per_second") && line.Contains("action=closed"));
    }

    [Fact]
    public async Task Notifications_wait_for_the_next_poll()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.PostAndPollAsync("""[{"id":1,"method":"blockchain.numblocks.subscribe","params":[]}]""");

        server.Chain.Publish(state => state.AddBlock());

        string notice = await wallet.PollUntilSomethingAsync();
        JsonElement.Parse(notice).GetProperty("method").GetString().ShouldBe("blockchain.numblocks.subscribe");
    }

    [Fact]
    public async Task A_reply_that_is_ready_comes_in_the_same_exchange()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { PollingHold = TimeSpan.FromSeconds(20) }, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        (await wallet.PostAsync($"[{Ping},{Ping}]").WaitAsync(TimeSpan.FromSeconds(15), Cancellation)).ShouldBe($"[{Pong},{Pong}]");
    }

    [Fact]
    public async Task A_reply_that_takes_long_comes_by_a_later_poll()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { PollingHold = TimeSpan.FromMilliseconds(50) }, ElectrumTransport.Http);
        var daemon = new TaskCompletionSource();
        server.Daemon.Hold = daemon.Task;
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        (await wallet.PostAsync(SlowRequest)).ShouldBe("");
        (await wallet.GetAsync()).ShouldBe("");
        daemon.SetResult();

        JsonElement.Parse(await wallet.PollUntilSomethingAsync()).GetProperty("id").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task While_one_exchange_waits_another_is_answered_at_once()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { PollingHold = TimeSpan.FromSeconds(15) }, ElectrumTransport.Http);
        var daemon = new TaskCompletionSource();
        server.Daemon.Hold = daemon.Task;
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.GetAsync();
        Task<string> waiting = wallet.PostAsync(SlowRequest);
        await Poll.UntilAsync(() => server.Sessions.Sessions.SingleOrDefault()?.Requests == 1);

        (await wallet.GetAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).ShouldBe("");
        daemon.SetResult();

        JsonElement.Parse(await waiting).GetProperty("id").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_session_dies_after_a_minute_without_a_request_and_its_subscriptions_with_it()
    {
        var time = new ManualTime();
        await using TestServer server = await TestServer.StartAsync(new SessionLimits(), time, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.PostAsync("""[{"id":1,"method":"blockchain.scripthash.subscribe","params":["8b01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161"]}]""");
        server.Sessions.SubscriptionCount.ShouldBe(1);

        for (int i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(59));
            (await wallet.GetAsync()).ShouldBe("");
        }

        time.Advance(TimeSpan.FromSeconds(61));
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
        (await wallet.GetAsync()).ShouldBe(NotFound);
        server.Sessions.SubscriptionCount.ShouldBe(0);
        server.Log.Lines.ShouldContain(line => line.Contains("reason=expired"));
    }

    [Fact]
    public async Task A_wallet_that_only_polls_is_not_idle()
    {
        var time = new ManualTime();
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { Idle = TimeSpan.FromSeconds(100) }, time, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.PostAsync($"[{Ping}]");

        for (int i = 0; i < 6; i++)
        {
            time.Advance(TimeSpan.FromSeconds(50));
            (await wallet.GetAsync()).ShouldBe("");
        }

        server.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_refused_wallet_is_told_can_be_fetched_once()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        ErrorCode(await wallet.PostAndPollAsync("""[{"id":1,"method":"server.version","params":["x","99.0"]}]""")).ShouldBe(1);
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
        (await wallet.GetAsync()).ShouldBe(NotFound);
    }

    [Fact]
    public async Task Sessions_are_bounded_and_a_session_that_ends_makes_room()
    {
        var time = new ManualTime();
        var limits = new SessionLimits { MaxPollingSessions = 2 };
        await using TestServer server = await TestServer.StartAsync(limits, time, ElectrumTransport.Http);
        using var first = new PollingWallet(server, ElectrumTransport.Http);
        using var second = new PollingWallet(server, ElectrumTransport.Http);
        using var third = new PollingWallet(server, ElectrumTransport.Http);
        await first.GetAsync();
        await second.GetAsync();

        (await third.GetAsync()).ShouldBe("Error: too many sessions");
        (third.Status, third.Cookie).ShouldBe((503, null));
        (await first.GetAsync()).ShouldBe("");

        time.Advance(TimeSpan.FromSeconds(61));
        (await third.GetAsync()).ShouldBe("");
        third.Cookie.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_session_with_too_many_unanswered_requests_is_dropped()
    {
        var limits = new SessionLimits { MaxRequestBytes = 10_000, MaxOutstanding = 1, PollingHold = TimeSpan.FromMilliseconds(10) };
        await using TestServer server = await TestServer.StartAsync(limits, ElectrumTransport.Http);
        var daemon = new TaskCompletionSource();
        server.Daemon.Hold = daemon.Task;
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        string many = "[" + string.Join(',', Enumerable.Repeat(SlowRequest, 50)) + "]";

        int posts = 0;
        while (posts < 20 && await wallet.PostAsync(many) != NotFound) posts++;

        posts.ShouldBeInRange(1, 5);
        await Poll.UntilAsync(() => server.Sessions.Sessions.All(session => session.Requests <= 3));
        daemon.SetResult();
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replies_that_nobody_fetches_stop_the_handling_until_somebody_does()
    {
        await using var sessions = new TestSessions();
        PollingSession session = Begin(sessions, new SessionLimits());
        // Each id comes back with its reply.
        string id = new('x', 5000);
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($$"""{"id":"{{id}}","method":"server.ping"}""" + "\n", 190)));

        session.TryQueue(lines).ShouldBeTrue();
        await Poll.UntilAsync(() => sessions.Manager.Sessions.SingleOrDefault()?.Requests == 190);
        session.TryQueue(lines).ShouldBeTrue();
        await Poll.UntilAsync(() => sessions.Manager.Sessions.Single().Requests > 190);
        int queued = 2;
        while (queued < 100 && session.TryQueue(lines)) queued++;

        queued.ShouldBeLessThan(5);
        (await FetchAsync(session, awaited: 0)).Length.ShouldBeInRange(900_000, 3_000_000);
        await Poll.UntilAsync(() => sessions.Manager.Count == 0);
        sessions.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replies_come_whole_wherever_the_output_was_cut()
    {
        await using var sessions = new TestSessions();
        PollingSession session = Begin(sessions, new SessionLimits());
        const int Requests = 2 * 190;
        string id = new('x', 5000);
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($$"""{"id":"{{id}}","method":"server.ping"}""" + "\n", Requests / 2)));
        session.TryQueue(lines).ShouldBeTrue();
        await Poll.UntilAsync(() => sessions.Manager.Sessions.SingleOrDefault()?.Requests == Requests / 2);
        session.TryQueue(lines).ShouldBeTrue();
        // So many wait by now that the output was paused within one of them.
        await Poll.UntilAsync(() => sessions.Manager.Sessions.Single().Output.StalledFor >= TimeSpan.Zero && sessions.Manager.Sessions.Single().Requests > 200);

        int replies = 0;
        while (replies < Requests)
        {
            string text = await FetchAsync(session, awaited: 0);
            if (text.Length == 0) continue;
            JsonElement answer = JsonElement.Parse(text);
            JsonElement[] members = answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : [answer];
            members.ShouldAllBe(member => member.GetProperty("id").GetString() == id);
            replies += members.Length;
        }

        replies.ShouldBe(Requests);
        session.End("done");
    }

    [Fact]
    public async Task A_held_answer_goes_when_there_is_much_of_it()
    {
        await using var sessions = new TestSessions();
        PollingSession session = Begin(sessions, new SessionLimits { PollingHold = TimeSpan.FromMinutes(1) });
        string id = new('x', 5000);
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($$"""{"id":"{{id}}","method":"server.ping"}""" + "\n", 190)));
        for (int i = 0; i < 2; i++)
        {
            session.TryQueue(lines).ShouldBeTrue();
            int queued = 190 * i;
            await Poll.UntilAsync(() => sessions.Manager.Sessions.SingleOrDefault()?.Requests > queued);
        }

        string text = await FetchAsync(session, awaited: 1000).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        text.Length.ShouldBeInRange(900_000, 1_200_000);
        session.End("done");
    }

    [Fact]
    public async Task Who_only_fetches_from_a_busy_session_does_not_end_it()
    {
        await using var sessions = new TestSessions();
        PollingSession session = Begin(sessions, new SessionLimits { MaxRequestBytes = 1_000, MaxOutstanding = 1 });
        var daemon = new TaskCompletionSource();
        sessions.Daemon.Hold = daemon.Task;
        session.TryQueue(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(SlowRequest + "\n", 50)))).ShouldBeTrue();

        session.TryQueue([]).ShouldBeTrue();

        session.TryQueue(Encoding.ASCII.GetBytes(Ping + "\n")).ShouldBeFalse();
        daemon.SetResult();
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_whether_or_not_its_length_is_told()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { MaxRequestBytes = 10_000 }, ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);

        (await wallet.PostAsync(Ping + new string(' ', 10_000 - Ping.Length))).ShouldBe(Pong);
        ErrorCode(await wallet.PostAsync(Ping + new string(' ', 10_001 - Ping.Length))).ShouldBe(-32600);
        wallet.Status.ShouldBe(413);
        string chunked = await RawAsync(server, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5000\r\n" + new string(' ', 0x5000) + "\r\n0\r\n\r\n");
        chunked.ShouldStartWith("HTTP/1.1 413 ");
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Endless_headers_and_nonsense_are_cut_off()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);

        (await RawAsync(server, "GET / HTTP/1.1\r\nHost: x\r\nA: " + new string('x', 20_000) + "\r\n\r\n")).ShouldStartWith("HTTP/1.1 431 ");
        (await RawAsync(server, "GET /" + new string('x', 6_000) + " HTTP/1.1\r\n\r\n")).ShouldStartWith("HTTP/1.1 414 ");
        (await RawAsync(server, "nonsense\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        server.Log.Errors.ShouldBeEmpty();
        server.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_stopping_server_ends_polling_sessions_at_once()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.Http);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        await wallet.PostAsync($"[{Ping}]");

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);

        server.Sessions.Count.ShouldBe(0);
        server.Log.Errors.ShouldBeEmpty();
    }

    private static PollingSession Begin(TestSessions sessions, SessionLimits limits)
    {
        var session = new PollingSession("x", ElectrumTransport.Http, new IPEndPoint(IPAddress.Loopback, 1), limits, TimeProvider.System);
        var admission = new Admission(new AdmissionLimits(), new RateLimits(), new LimitLog(isDryRun: false, TimeProvider.System, sessions.Log), TimeProvider.System);
        _ = session.RunAsync(sessions.Manager, admission.TryAdmit(session.Client.EndPoint)!, Cancellation);
        return session;
    }

    private static async Task<string> FetchAsync(PollingSession session, int awaited)
    {
        using var reply = new PollingReply();
        await session.TakeAsync(reply, awaited, Cancellation);
        reply.Complete();
        return Encoding.UTF8.GetString(reply.Text);
    }

    private static async Task CountAnswersAsync(Stream stream, Action count)
    {
        using var reader = new StreamReader(stream);
        try
        {
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                if (line.Contains("HTTP/1.1 ")) count();
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Closed by the test.
        }
    }

    private static async Task PostWithoutReadingAsync(Stream stream)
    {
        string id = new('x', 5000);
        string body = "[" + string.Join(',', Enumerable.Repeat($$"""{"id":"{{id}}","method":"server.ping"}""", 100)) + "]";
        byte[] post = Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        try
        {
            while (true) await stream.WriteAsync(post, Cancellation);
        }
        catch (IOException)
        {
            // Cut off.
        }
    }

    private static int ErrorCode(string reply) => JsonElement.Parse(reply).GetProperty("error").GetProperty("code").GetInt32();

    /// <summary>Sends the bytes and reads until the server closes.</summary>
    private static async Task<string> RawAsync(TestServer server, string request)
    {
        await using Stream stream = await server.ConnectAsync(ElectrumTransport.Http);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        using var bytes = new MemoryStream();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        try
        {
            await stream.CopyToAsync(bytes, deadline.Token);
        }
        catch (IOException)
        {
            // Closed while bytes of the request were unread.
        }

        return Encoding.ASCII.GetString(bytes.ToArray());
    }
}
