// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class AddPeerTests
{
    private const string Genesis = "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec";

    private static readonly IPAddress Caller = IPAddress.Parse("9.9.9.9");

    private readonly ManualTime _time = new();
    private readonly TestNetwork _network = new()
    {
        Public = AddressRules.IsPublic,
        Names = { ["a.example.org"] = [IPAddress.Parse("2606:4700::1111"), Caller], ["b.example.org"] = [Caller], ["c.example.net"] = [Caller] },
    };

    [Theory]
    [InlineData(PeerDiscovery.Off)]
    [InlineData(PeerDiscovery.SelfOnly)]
    public async Task Nobody_is_added_and_nothing_looked_up_unless_discovery_is_on(PeerDiscovery discovery)
    {
        PeerDirectory peers = Directory(new PeerOptions { Discovery = discovery });
        (await AddAsync(peers, Features("a.example.org"))).ShouldBeFalse();
        _network.Lookups.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_at_one_of_the_addresses_of_its_host_will_be_looked_at()
    {
        PeerDirectory peers = Directory();
        (await AddAsync(peers, Features("A.example.org"), IPAddress.Parse("::ffff:9.9.9.9"))).ShouldBeTrue();
        PeerInfo peer = peers.List().ShouldHaveSingleItem();
        (peer.Host, peer.Ports, peer.State, peer.Source).ShouldBe(("a.example.org", new PeerPorts(50001, 50002), PeerState.Unchecked, "add_peer 9.9.9.9"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"hosts":{},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":[],"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"a.example.org":{"tcp_port":50001}}}""")]
    [InlineData("""{"hosts":{"a.example.org":{"tcp_port":50001}},"genesis_hash":"000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"}""")]
    [InlineData("""{"hosts":{"a.example.org":{"tcp_port":"50001"}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"a.example.org":{"tcp_port":0}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"a.example.org":{"ws_port":50003}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"localhost":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"127.0.0.1":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"10.0.0.1":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"224.0.0.1":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"unknown.example.org":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"x y":{"tcp_port":50001},"a.example.org":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"\ud800":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    [InlineData("""{"hosts":{"ONION":{"tcp_port":50001}},"genesis_hash":"GENESIS"}""")]
    public async Task What_breaks_a_rule_is_refused(string features)
    {
        PeerDirectory peers = Directory();
        features = features.Replace("GENESIS", Genesis, StringComparison.Ordinal).Replace("ONION", TestPeers.Onion, StringComparison.Ordinal);
        (await AddAsync(peers, features)).ShouldBeFalse();
        peers.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_first_host_counts()
    {
        PeerDirectory peers = Directory();
        await AddAsync(peers, $$$"""{"hosts":{"a.example.org":{"tcp_port":1},"c.example.net":{"tcp_port":2}},"genesis_hash":"{{{Genesis}}}"}""");
        peers.List().Select(peer => peer.Host).ShouldBe(["a.example.org"]);
    }

    [Theory]
    [InlineData("9.9.9.8")]
    [InlineData("127.0.0.1")]
    public async Task A_caller_from_elsewhere_is_refused(string address)
    {
        _network.Names["a.example.org"] = [Caller, IPAddress.Loopback];
        (await AddAsync(Directory(), Features("a.example.org"), IPAddress.Parse(address))).ShouldBeFalse();
        (await AddAsync(Directory(), Features("9.9.9.9"), IPAddress.Parse(address))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_domain_may_ask_once_in_ten_minutes_and_a_refused_request_counts()
    {
        PeerDirectory peers = Directory();
        (await AddAsync(peers, Features("a.example.org"))).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(9));
        (await AddAsync(peers, Features("b.example.org"))).ShouldBeFalse("the same domain");
        (await AddAsync(peers, Features("c.example.net"))).ShouldBeTrue("another one");
        _time.Advance(TimeSpan.FromMinutes(9));
        (await AddAsync(peers, Features("b.example.org"))).ShouldBeFalse("it asked again too soon");
        _time.Advance(TimeSpan.FromMinutes(10));
        (await AddAsync(peers, Features("b.example.org"))).ShouldBeTrue();
    }

    [Fact]
    public async Task All_bare_addresses_share_one_turn()
    {
        PeerDirectory peers = Directory();
        (await AddAsync(peers, Features("9.9.9.9"))).ShouldBeTrue();
        (await AddAsync(peers, Features("9.9.9.8"), IPAddress.Parse("9.9.9.8"))).ShouldBeFalse();
        _network.Lookups.ShouldBeEmpty();
    }

    [Fact]
    public async Task Onion_hosts_share_one_turn_of_up_to_twenty_minutes()
    {
        PeerDirectory peers = Directory(new PeerOptions { Discovery = PeerDiscovery.On, TorProxy = new IPEndPoint(IPAddress.Loopback, 9050) });
        (await AddAsync(peers, Features(TestPeers.OnionOf(1)), IPAddress.Loopback)).ShouldBeTrue();
        (await AddAsync(peers, Features(TestPeers.OnionOf(2)), IPAddress.Loopback)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(20));
        (await AddAsync(peers, Features(TestPeers.OnionOf(2)), IPAddress.Loopback)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_known_host_with_other_ports_is_no_new_peer()
    {
        PeerDirectory peers = Directory();
        await AddAsync(peers, Features("a.example.org"));
        _time.Advance(TimeSpan.FromMinutes(10));
        (await AddAsync(peers, Features("a.example.org").Replace("50001", "50011", StringComparison.Ordinal))).ShouldBeTrue();
        peers.List().ShouldHaveSingleItem().Ports.ShouldBe(new PeerPorts(50001, 50002), "until the other ports have proved themselves");
    }

    [Fact]
    public async Task Lookups_at_the_same_time_are_bounded()
    {
        var hold = new TaskCompletionSource<IPAddress[]>();
        _network.OnResolve = _ => hold.Task;
        PeerDirectory peers = Directory();
        List<Task<bool>> waiting = [.. Enumerable.Range(0, 8).Select(i => AddAsync(peers, Features($"a.example{i}.org")))];
        (await AddAsync(peers, Features("a.example8.org"))).ShouldBeFalse();
        hold.SetResult([Caller]);
        (await Task.WhenAll(waiting)).ShouldAllBe(accepted => accepted);
        (await AddAsync(peers, Features("a.example9.org"))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lookup_that_takes_too_long_is_refused()
    {
        _network.OnResolve = cancellation => new TaskCompletionSource<IPAddress[]>().Task.WaitAsync(cancellation);
        Task<bool> waiting = AddAsync(Directory(), Features("a.example.org"));
        _time.Advance(TimeSpan.FromSeconds(30));
        (await waiting).ShouldBeFalse();
    }

    [Fact]
    public void No_features_at_all_break_it() => Prop.ForAll<string, int>((text, number) =>
    {
        string quoted = JsonSerializer.Serialize(text);
        foreach (string json in new[]
        {
            quoted, $"[{quoted}]", $"{{\"hosts\":{quoted},\"genesis_hash\":{number}}}", $"{{{quoted}:{number}}}".Replace("null:", "\"\":", StringComparison.Ordinal),
            $"{{\"hosts\":{{\"{number}\":{{\"tcp_port\":{number},\"ssl_port\":{quoted}}}}},\"genesis_hash\":\"{Genesis}\",\"protocol_max\":{number},\"pruning\":{quoted}}}",
        })
            PeerFeatures.TryRead(JsonElement.Parse(json), out PeerFeatures? features).ShouldBe(features is not null);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task On_the_wire_it_is_true_or_false_and_nonsense_an_error()
    {
        await using var server = new TestSessions(change: options => options with { Peers = new PeerOptions { Discovery = PeerDiscovery.On } });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        (await wallet.ResultAsync("server.add_peer", $"[{Features("8.8.8.8")}]")).ShouldBe("false");
        (await wallet.ErrorAsync("server.add_peer", "[]")).Message.ShouldBe("the argument features is missing");
        (await wallet.ErrorAsync("server.add_peer", "[[]]")).Message.ShouldBe("the argument features must be a dictionary of features");
        (await wallet.ResultAsync("server.peers.subscribe")).ShouldBe("[]");
        server.Log.Errors.ShouldBeEmpty();
    }

    private static string Features(string host) =>
        $$$"""{"hosts":{"{{{host}}}":{"tcp_port":50001,"ssl_port":50002}},"genesis_hash":"{{{Genesis}}}","pruning":null}""";

    private PeerDirectory Directory(PeerOptions? options = null) =>
        new(TestPeers.Options(options ?? new PeerOptions { Discovery = PeerDiscovery.On }), new ScriptedChain(), new TestLog(), _time, _network);

    private static Task<bool> AddAsync(PeerDirectory peers, string features, IPAddress? caller = null) =>
        peers.AddAsync(JsonElement.Parse(features), caller ?? Caller, TestContext.Current.CancellationToken);
}
