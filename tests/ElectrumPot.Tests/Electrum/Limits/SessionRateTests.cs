// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>How fast a session is answered.</summary>
public sealed class SessionRateTests
{
    private const string Ping = """{"id":1,"method":"server.ping"}""" + "\n";

    private static readonly RateLimits Slow = new() { RequestsPerSecond = 10, RequestBurst = 200 };

    [Fact]
    public async Task Within_the_burst_nobody_waits_and_beyond_it_the_session_alone_does()
    {
        await using TestSessions server = Start(Slow);
        TestWallet hasty = server.Connect();
        TestWallet other = server.Connect();
        await SendPingsAsync(hasty, 210);
        // The bytes of 199 pings make up for one more.
        await ReadAsync(hasty, 199);
        Session session = server.Manager.Sessions.MaxBy(candidate => candidate.Requests)!;
        await Poll.UntilAsync(() => server.Time.Waiting >= 2);
        session.Requests.ShouldBe(199);
        await other.ExpectSilenceAsync();

        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await ReadAsync(hasty, 1);
        await Poll.UntilAsync(() => server.Time.Waiting >= 2);
        session.Requests.ShouldBe(200);
        server.Log.Errors.Single().ShouldContain("limit=requests_per_second peer=127.0.0.1:40000 address=127.0.0.1 value=200 allowed=200 action=slowed");
    }

    [Fact]
    public async Task Who_hurries_on_for_too_long_is_told_why_and_sent_away()
    {
        await using TestSessions server = Start(Slow with { MaxSlowed = TimeSpan.FromSeconds(30) });
        TestWallet hasty = server.Connect();
        await SendPingsAsync(hasty, 1_000);
        Task<List<string>> reading = ReadAllAsync(hasty);
        await Poll.UntilAsync(() =>
        {
            if (server.Time.Waiting >= 2) server.Time.Advance(TimeSpan.FromSeconds(1));
            return reading.IsCompleted;
        });
        List<string> lines = await reading;
        lines[^1].ShouldBe("""{"jsonrpc":"2.0","id":null,"error":{"code":-101,"message":"excessive resource usage"}}""");
        lines.Count.ShouldBeInRange(200, 600);
        server.Log.Errors.ShouldContain(line => line.Contains("limit=max_slowed") && line.Contains("allowed=30 action=closed"));
        server.Log.Lines.ShouldContain(line => line.Contains("reason=excessive-use"));
    }

    [Fact]
    public async Task A_batch_that_owes_a_whole_burst_is_the_end()
    {
        await using TestSessions server = Start(new RateLimits { RequestsPerSecond = 10, RequestBurst = 100 });
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync($"[{string.Join(',', Enumerable.Repeat("""{"id":1,"method":"server.add_peer","params":[{}]}""", 10))}]");
        (await wallet.ReadLineAsync())!.ShouldContain("excessive resource usage");
        server.Log.Errors.ShouldContain(line => line.Contains("limit=requests_per_second") && line.Contains("action=closed"));
    }

    [Fact]
    public async Task All_sessions_of_an_address_share_its_rate_and_no_other_address_does()
    {
        await using TestSessions server = Start(new RateLimits { AddressRequestsPerSecond = 10, AddressRequestBurst = 400 });
        // Each connection costs 100.
        TestWallet one = server.Connect(address: "192.0.2.1");
        TestWallet two = server.Connect(address: "192.0.2.1");
        TestWallet elsewhere = server.Connect(address: "192.0.2.2");
        await Poll.UntilAsync(() => server.Manager.Count == 3);
        await SendPingsAsync(one, 150);
        await ReadAsync(one, 150);
        await SendPingsAsync(two, 60);
        await ReadAsync(two, 49);
        await Poll.UntilAsync(() => server.Time.Waiting >= 2);
        await elsewhere.ExpectSilenceAsync();
        server.Manager.Sessions.Sum(session => session.Requests).ShouldBe(150 + 49 + 1);
        server.Log.Errors.Single().ShouldContain("limit=address_requests_per_second peer=192.0.2.1:40000");
    }

    [Fact]
    public void Who_has_recovered_is_not_sent_away_for_what_its_neighbour_owes()
    {
        var time = new ManualTime();
        var rates = new RateLimits
        {
            RequestsPerSecond = 10, RequestBurst = 100, AddressRequestsPerSecond = 10, AddressRequestBurst = 1_000, MaxSlowed = TimeSpan.FromSeconds(60),
        };
        var log = new LimitLog(isDryRun: false, time, NullLogger.Instance);
        var admission = new Admission(new AdmissionLimits(), rates, log, time);
        var peer = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 40000);
        SessionGroup group = admission.TryAdmit(peer)!.Group!;
        var wallet = new SessionMeter(admission, rates, group, isUnlimited: false, peer, log, time);
        wallet.AddRequests(110);
        wallet.Settle().Pause.ShouldBeGreaterThan(TimeSpan.Zero);

        time.Advance(TimeSpan.FromSeconds(40));
        group.Bucket.Take(admission.AddressRate, 1_000 * RequestCost.PointsPerRequest, time.GetTimestamp());
        wallet.AddRequests(1);
        wallet.Settle().Pause.ShouldBeGreaterThan(TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(40));
        wallet.AddRequests(110);
        wallet.Settle().Close.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        wallet.AddRequests(20);
        wallet.Settle().Close.ShouldBeFalse();
    }

    [Fact]
    public async Task A_dry_run_slows_nobody()
    {
        await using TestSessions server = Start(Slow, new AdmissionLimits { DryRun = true });
        TestWallet hasty = server.Connect();
        await SendPingsAsync(hasty, 1_000);
        await ReadAsync(hasty, 1_000);
        server.Log.Errors.ShouldContain(line => line.Contains("action=would-slow"));
        server.Log.Errors.ShouldContain(line => line.Contains("action=would-close"));
    }

    [Fact]
    public async Task The_operators_own_programs_are_never_slowed()
    {
        await using TestSessions server = Start(Slow, new AdmissionLimits { Unlimited = AddressList.Loopback });
        TestWallet hasty = server.Connect();
        await SendPingsAsync(hasty, 1_000);
        await ReadAsync(hasty, 1_000);
        server.Log.Errors.ShouldBeEmpty();
    }

    /// <summary>Subscribing, histories, transactions, proofs of a wallet with 5,000 scripts, and all headers of a long chain.</summary>
    [Fact]
    public void A_large_wallet_synchronises_in_one_go()
    {
        MethodDefinition Method(string name) => MethodTable.All.Methods.Single(method => method.Name == name);
        long wallet = (5_000 * (Method("blockchain.scripthash.subscribe").Cost + Method("blockchain.scripthash.get_history").Cost))
            + (20_000 * (Method("blockchain.transaction.get").Cost + MethodCosts.FetchedTransaction + Method("blockchain.transaction.get_merkle").Cost));
        long bytes = 20_000L * (1_000 + 1_000);
        long entries = (2 * 20_000) + (20_000 * 20);
        long total = wallet + (bytes * RequestCost.PointsPerByte / RequestCost.PointsPerRequest) + (entries * RequestCost.PointsPerEntry / RequestCost.PointsPerRequest);
        total.ShouldBeLessThan(new RateLimits().RequestBurst);

        const long Chunks = 5_000_000 / 2016;
        long headers = Chunks * (Method("blockchain.block.headers").Cost + (323_000 * RequestCost.PointsPerByte / RequestCost.PointsPerRequest));
        headers.ShouldBeLessThan(new RateLimits().RequestBurst);
    }

    [Fact]
    public void Every_method_with_a_cost_exists() =>
        MethodCosts.ByMethod.Keys.Except(MethodTable.All.Methods.Select(method => method.Name)).ShouldBeEmpty();

    [Fact]
    public async Task Replies_and_histories_are_paid_for_by_their_size()
    {
        ServerContext server = MakeServer(new ManualTime());
        (Session session, RequestHandler handler) = Connect(server);
        await handler.HandleAsync(Message("""{"id":1,"method":"blockchain.block.headers","params":[0,100]}"""));
        session.Meter.AddEntries(20);
        session.Meter.AddBytes(10_000);
        // What was added after the message is paid with the next settlement.
        session.Meter.Settle().Points.ShouldBe(30_000);
        session.Close();
    }

    [Fact]
    public async Task A_session_that_asks_without_end_lets_others_in_between()
    {
        ServerContext server = MakeServer(TimeProvider.System);
        (Session session, RequestHandler handler) = Connect(server);
        int waits = 0;
        for (int i = 0; i < 10_000; i++)
        {
            ValueTask handling = handler.HandleAsync(Message("""{"id":1,"method":"server.ping"}"""));
            if (!handling.IsCompleted) waits++;
            await handling;
        }

        waits.ShouldBeGreaterThanOrEqualTo(150);
        session.Close();
    }

    private static (Session Session, RequestHandler Handler) Connect(ServerContext server)
    {
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var session = new Session(1, new ClientConnection(ElectrumTransport.Tcp, RemoteEndPoint: null, _ => { }), output.Writer, server);
        return (session, new RequestHandler(session, new Dispatcher(MethodTable.All, NullLogger.Instance), CancellationToken.None));
    }

    private static ReadOnlySequence<byte> Message(string json) => new(Encoding.UTF8.GetBytes(json));

    private static ServerContext MakeServer(TimeProvider time)
    {
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = [] };
        var chain = new ScriptedChain();
        return new ServerContext(options, chain, new ScriptedDaemon(), new PeerDirectory(options, chain, NullLogger.Instance, time), time);
    }

    private static TestSessions Start(RateLimits rates, AdmissionLimits? admission = null) =>
        new(change: options => options with { Rates = rates, Admission = admission ?? new AdmissionLimits() });

    private static Task SendPingsAsync(TestWallet wallet, int count) => wallet.SendAsync(string.Concat(Enumerable.Repeat(Ping, count)));

    private static async Task ReadAsync(TestWallet wallet, int count)
    {
        for (int i = 0; i < count; i++)
            (await wallet.ReadLineAsync()).ShouldNotBeNull().ShouldContain("\"result\":null");
    }

    private static async Task<List<string>> ReadAllAsync(TestWallet wallet)
    {
        var lines = new List<string>();
        while (await wallet.ReadLineAsync() is { } line)
            lines.Add(line);
        return lines;
    }
}
