// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerVerifierTests : IAsyncDisposable
{
    private const string Name = "peer.example.org";

    private readonly ScriptedChain _chain = new();
    private readonly ManualTime _time = new();
    private readonly TestNetwork _network = new() { Names = { [Name] = [IPAddress.Loopback] } };
    private readonly ScriptedPeer _peer;

    public PeerVerifierTests() => _peer = new ScriptedPeer(Name, _chain);

    [Fact]
    public async Task A_peer_of_the_same_chain_is_good()
    {
        PeerCheck check = await CheckAsync();
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Good, ""));
        check.Ports.ShouldBe(new PeerPorts(_peer.Port, null));
        (check.ServerVersion, check.ProtocolMax, check.Pruning).ShouldBe(("Scripted 1.0", ProtocolVersion.V1_4_2, 100));
        check.Address.ShouldBe(IPAddress.Loopback);
        _peer.Requests.First().ShouldBe(("server.version", """["ElectrumPot 1.2.3",["1.4","1.7"]]"""));
        _peer.Requests.ShouldContain(("blockchain.block.header", "[90]"));
        _peer.Requests.ShouldNotContain(request => request.Method == "server.add_peer");
    }

    [Theory]
    [InlineData("server.version", "\"1.4\"", "does not tell its version as two texts")]
    [InlineData("server.version", """["x",1.4]""", "does not tell its version as two texts")]
    [InlineData("server.version", """["x","0.9"]""", "chose protocol version 0.9")]
    [InlineData("blockchain.headers.subscribe", """{"height":"100"}""", "does not tell its height")]
    [InlineData("blockchain.headers.subscribe", """{"height":121}""", "is at block 121 while we are at 100")]
    [InlineData("blockchain.headers.subscribe", """{"height":79}""", "is at block 79 while we are at 100")]
    [InlineData("blockchain.block.header", "\"00\"", "has another block 90")]
    [InlineData("blockchain.block.header", "{}", "has another block 90")]
    [InlineData("server.features", "[]", "sends malformed features")]
    [InlineData("server.features", """{"hosts":{"peer.example.org":{"tcp_port":70000}},"genesis_hash":"de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec"}""", "sends malformed features")]
    [InlineData("server.features", """{"hosts":{"peer.example.org":{}},"genesis_hash":"000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"}""", "serves another coin")]
    [InlineData("server.features", """{"hosts":{"other.example.org":{}},"genesis_hash":"de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec"}""", "does not call itself by this host name")]
    [InlineData("server.peers.subscribe", "null", "sends a malformed list of peers")]
    [InlineData("server.peers.subscribe", """[["1.2.3.4","a.example.org"]]""", "sends a malformed list of peers")]
    [InlineData("server.peers.subscribe", """[["1.2.3.4","a.example.org",[1]]]""", "sends a malformed list of peers")]
    [InlineData("server.peers.subscribe", """[["1.2.3.4","\ud800",["t"]]]""", "sends a malformed list of peers")]
    [InlineData("server.version", "!nonsense\n", "sends what is no JSON")]
    [InlineData("server.version", "!{\"id\":1,\"error\":{\"code\":1,\"message\":\"go\\u0007away\"}}\n", "answers with an error: go?away")]
    [InlineData("server.version", "!{\"id\":1}\n", "sends a reply without a result")]
    public async Task A_deviation_is_bad(string method, string answer, string error)
    {
        _peer.Answers[method] = _ => answer;
        PeerCheck check = await CheckAsync();
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Bad, error));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    public async Task The_height_may_differ_by_the_window(int height)
    {
        _peer.Answers["blockchain.headers.subscribe"] = _ => $$"""{"height":{{height}},"hex":""}""";
        (await CheckAsync()).Verdict.ShouldBe(PeerVerdict.Good);
        _peer.Requests.ShouldContain(("blockchain.block.header", $"[{Math.Min(100, height) - 10}]"));
    }

    [Fact]
    public async Task Without_a_chain_of_our_own_nothing_is_decided()
    {
        _chain.Change(state => state.Headers.Clear());
        _peer.Answers["blockchain.headers.subscribe"] = _ => """{"height":5,"hex":""}""";
        (await CheckAsync()).Verdict.ShouldBe(PeerVerdict.Postponed);
    }

    [Theory]
    [InlineData("!")]
    [InlineData("!{\"method\":\"blockchain.headers.subscribe\",\"params\":[]}\n")]
    public async Task Too_many_bytes_are_bad_in_one_line_or_in_many(string unit)
    {
        string flood = unit == "!" ? "!" + new string('x', 2_000) : "!" + string.Concat(Enumerable.Repeat(unit[1..], 100));
        _peer.Answers["server.version"] = _ => flood;
        PeerCheck check = await CheckAsync(options => options with { MaxReplyBytes = 1_000 });
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Bad, "sends too much"));
    }

    [Fact]
    public async Task Notifications_and_foreign_replies_in_between_do_not_matter()
    {
        _peer.Answers["server.version"] = _ =>
            "!{\"method\":\"server.ping\",\"params\":[]}\n[]\n{\"id\":99,\"result\":1}\n{\"id\":\"1\",\"result\":1}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"x\",\"1.4\"]}\n";
        (await CheckAsync()).Verdict.ShouldBe(PeerVerdict.Good);
    }

    [Fact]
    public async Task Silence_is_given_up_after_the_patience()
    {
        _peer.Answers["server.features"] = _ => null;
        Task<PeerCheck> check = CheckAsync();
        await Poll.UntilAsync(() => _peer.Requests.Any(request => request.Method == "blockchain.block.header"));
        check.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(30));
        PeerCheck done = await check;
        (done.Verdict, done.Error).ShouldBe((PeerVerdict.Unreachable, $"tcp://127.0.0.1:{_peer.Port} is too slow"));
    }

    [Fact]
    public async Task All_ways_together_have_three_times_the_patience_of_one()
    {
        _network.Names[Name] = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        _network.OnConnect = (_, cancellation) => new TaskCompletionSource<Stream>().Task.WaitAsync(cancellation);
        Task<PeerCheck> check = CheckAsync(target: new PeerTarget(TestPeers.Host(Name), new PeerPorts(1, 2), new PeerPorts(3, 4)));
        for (int step = 1; step <= 3; step++)
        {
            int way = step;
            await Poll.UntilAsync(() => _network.Connections.Count == way);
            check.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await Poll.UntilAsync(() => check.IsCompleted);
        (await check).Verdict.ShouldBe(PeerVerdict.Unreachable);
        _network.Connections.Count.ShouldBeLessThanOrEqualTo(4, "of eight ways");
    }

    [Fact]
    public async Task A_peer_that_hangs_up_or_is_not_there_is_unreachable()
    {
        await _peer.DisposeAsync();
        PeerCheck check = await CheckAsync();
        check.Verdict.ShouldBe(PeerVerdict.Unreachable);
        check.Error.ShouldStartWith($"tcp://127.0.0.1:{_peer.Port}: ");
        _network.Names.Clear();
        (await CheckAsync()).Error.ShouldBe("the name does not resolve");
    }

    [Fact]
    public async Task Where_a_kind_of_address_cannot_be_used_the_next_one_is_tried()
    {
        _network.Names[Name] = [IPAddress.IPv6Loopback];
        // What a socket says on a machine without IPv6.
        _network.OnConnect = (_, _) => Task.FromException<Stream>(new NotSupportedException("no IPv6"));
        PeerCheck check = await CheckAsync();
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Unreachable, $"tcp://::1:{_peer.Port}: no IPv6"));
    }

    [Fact]
    public async Task Tls_comes_before_tcp_ipv4_before_ipv6_and_our_ports_before_others()
    {
        _network.Names[Name] = [IPAddress.IPv6Loopback, IPAddress.Loopback, IPAddress.Parse("127.0.0.2")];
        _network.OnConnect = (_, _) => Task.FromException<Stream>(new SocketException((int)SocketError.ConnectionRefused));
        PeerCheck check = await CheckAsync(target: new PeerTarget(TestPeers.Host(Name), new PeerPorts(1, 2), new PeerPorts(3, 2)));
        check.Verdict.ShouldBe(PeerVerdict.Unreachable);
        _network.Connections.Select(connection => connection.ToString()).ShouldBe(
            ["127.0.0.1:2", "[::1]:2", "127.0.0.1:1", "[::1]:1", "127.0.0.1:3", "[::1]:3"]);
    }

    [Fact]
    public async Task Tls_needs_no_certificate_that_anybody_vouches_for()
    {
        using X509Certificate2 certificate = TestCertificate.Make();
        await using var peer = new ScriptedPeer(Name, _chain, certificate);
        PeerCheck check = await CheckAsync(target: new PeerTarget(TestPeers.Host(Name), new PeerPorts(null, peer.Port), null));
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Good, ""));
        check.Ports.ShouldBe(new PeerPorts(null, peer.Port));
    }

    [Fact]
    public async Task A_certificate_does_not_say_whom_we_contact()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using X509Certificate2 certificate = TestCertificate.MakeWithIssuerAt($"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/issuer.cer");
        await using var peer = new ScriptedPeer(Name, _chain, certificate);
        Task<PeerCheck> check = CheckAsync(target: new PeerTarget(TestPeers.Host(Name), new PeerPorts(null, peer.Port), null));
        // Whoever is contacted does not answer: the check would hang.
        await Poll.UntilAsync(() => check.IsCompleted || elsewhere.Pending());
        elsewhere.Pending().ShouldBeFalse();
        (await check).Verdict.ShouldBe(PeerVerdict.Good);
    }

    [Fact]
    public async Task Where_tls_fails_tcp_is_tried_and_what_answered_counts()
    {
        PeerCheck check = await CheckAsync(target: new PeerTarget(TestPeers.Host(Name), new PeerPorts(_peer.Port, 1), null));
        check.Verdict.ShouldBe(PeerVerdict.Good);
        check.Ports.ShouldBe(new PeerPorts(_peer.Port, null), "the peer itself says that it has no TLS");
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_never_contacted()
    {
        var strict = new TestNetwork { Public = AddressRules.IsPublic, Names = { [Name] = [IPAddress.Loopback, IPAddress.Parse("10.0.0.1")] } };
        PeerCheck check = await CheckAsync(network: strict);
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Bad, "has no public address"));
        check = await CheckAsync(network: strict, target: new PeerTarget(TestPeers.Host("10.0.0.1"), new PeerPorts(1, null), null));
        check.Verdict.ShouldBe(PeerVerdict.Bad);
        strict.Connections.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unwanted_host_is_not_even_looked_up_and_an_unwanted_address_not_contacted()
    {
        (await CheckAsync(objection: (_, _) => "unwanted")).Error.ShouldBe("unwanted");
        _network.Lookups.ShouldBeEmpty();
        (await CheckAsync(objection: (_, address) => address is null ? null : $"unwanted at {address}")).Error.ShouldBe("unwanted at 127.0.0.1");
        _network.Connections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("""[["9.9.9.9","me.example.org",["v1.7","t50001","s50002"]]]""", false)]
    [InlineData("""[["9.9.9.9","me.example.org",["v1.7","t50011","s50002"]]]""", true)]
    public async Task A_peer_that_does_not_list_us_as_we_are_is_asked_to_add_us(string list, bool isAsked)
    {
        _peer.Answers["server.peers.subscribe"] = _ => list;
        var onion = new AdvertisedHost(TestPeers.Onion) { TcpPort = 50001 };
        var clearnet = new AdvertisedHost("me.example.org") { TcpPort = 50001, TlsPort = 50002 };
        (await CheckAsync(own: [onion, clearnet])).Verdict.ShouldBe(PeerVerdict.Good);
        string[] asked = [.. _peer.Requests.Where(request => request.Method == "server.add_peer").Select(request => request.Params)];
        asked.Length.ShouldBe(isAsked ? 1 : 0);
        if (isAsked) asked[0].ShouldStartWith("""[{"hosts":{"me.example.org":{"tcp_port":50001,"ssl_port":50002},""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("!{\"id\":6,\"error\":{\"code\":1,\"message\":\"no\"}}\n")]
    public async Task What_a_peer_says_to_our_wish_changes_nothing(string? answer)
    {
        _peer.Answers["server.add_peer"] = _ => answer;
        Task<PeerCheck> check = CheckAsync(own: [new AdvertisedHost("me.example.org") { TcpPort = 50001 }]);
        await Poll.UntilAsync(() => _peer.Requests.Any(request => request.Method == "server.add_peer"));
        _time.Advance(TimeSpan.FromSeconds(30));
        (await check).Verdict.ShouldBe(PeerVerdict.Good);
    }

    [Fact]
    public async Task Nobody_is_asked_when_announcing_is_off()
    {
        await CheckAsync(options => options with { Announce = false }, own: [new AdvertisedHost("me.example.org") { TcpPort = 50001 }]);
        _peer.Requests.ShouldNotContain(request => request.Method == "server.add_peer");
    }

    public async ValueTask DisposeAsync() => await _peer.DisposeAsync();

    private Task<PeerCheck> CheckAsync(
        Func<PeerOptions, PeerOptions>? change = null, PeerTarget? target = null, TestNetwork? network = null,
        Func<PeerHost, IPAddress?, string?>? objection = null, AdvertisedHost[]? own = null)
    {
        var peers = new PeerOptions { Discovery = PeerDiscovery.On };
        ElectrumOptions options = TestPeers.Options(change?.Invoke(peers) ?? peers, own ?? []);
        var verifier = new PeerVerifier(
            options, _chain, new OwnIdentities(options.Hosts, AddressRules.IsPublic), network ?? _network, objection ?? ((_, _) => null), _time);
        return verifier.CheckAsync(
            target ?? new PeerTarget(TestPeers.Host(Name), new PeerPorts(_peer.Port, null), null), TestContext.Current.CancellationToken);
    }
}
