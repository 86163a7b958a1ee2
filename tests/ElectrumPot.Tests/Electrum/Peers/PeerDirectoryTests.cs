// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Server;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerDirectoryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly TestNetwork _network = new();
    private readonly ScriptedChain _chain = new();

    [Theory]
    [InlineData(PeerDiscovery.Off, "[]")]
    [InlineData(PeerDiscovery.SelfOnly, """[["me.example.org","me.example.org",["v1.7","t50001"]]]""")]
    public async Task Unless_it_is_on_nobody_is_contacted_and_nothing_is_kept(PeerDiscovery discovery, string list)
    {
        PeerDirectory peers = Directory(new PeerOptions
        {
            Discovery = discovery, Seeds = ["a.example.org t s"], StoreFile = _folder["peers.json"], BlacklistFile = _folder["none"],
        });
        await peers.RunAsync(TestContext.Current.CancellationToken);
        peers.Learn(TestPeers.Announce("b.example.org t"), "irc");
        peers.List().ShouldBeEmpty();
        List(peers).ShouldBe(list);
        _network.Lookups.ShouldBeEmpty();
        _network.Connections.ShouldBeEmpty();
        System.IO.Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_seed_is_verified_told_and_kept_and_two_of_its_list_are_taken()
    {
        await using var seed = new ScriptedPeer("seed.example.org", _chain);
        seed.Answers["server.peers.subscribe"] = _ =>
            $"[{string.Join(',', Enumerable.Range(0, 10).Select(i => $"[\"1.2.3.{i}\",\"h{i}.example.net\",[\"v1.4\",\"t\"]]").Append("[\"1.1.1.1\",\"me.example.org\",[\"t\"]]"))}]";
        _network.Names["seed.example.org"] = [IPAddress.Loopback];
        PeerDirectory peers = Directory(new PeerOptions { Discovery = PeerDiscovery.On, Seeds = [$"seed.example.org t{seed.Port}"], StoreFile = _folder["peers.json"] });

        await RunUntilAsync(peers, () => peers.List().Count == 3);

        PeerInfo good = peers.List().Single(peer => peer.Host == "seed.example.org");
        (good.State, good.Source, good.LastError, good.LastGood).ShouldBe((PeerState.Good, "seed", "", _time.GetUtcNow()));
        peers.List().Where(peer => peer != good).ShouldAllBe(peer => peer.Source == "list of seed.example.org" && peer.State != PeerState.Good);
        JsonElement.Parse(List(peers)).EnumerateArray().Select(member => member[1].GetString()).ShouldBe(["me.example.org", "seed.example.org"]);
        JsonElement.Parse(await File.ReadAllTextAsync(_folder["peers.json"], TestContext.Current.CancellationToken)).GetArrayLength().ShouldBe(3);

        PeerDirectory next = Directory(new PeerOptions { Discovery = PeerDiscovery.On, StoreFile = _folder["peers.json"] });
        await RunUntilAsync(next, () => next.List().Count == 3);
        List(next).ShouldContain("seed.example.org");
    }

    [Fact]
    public async Task A_peer_on_the_blacklist_is_not_contacted_even_once_and_a_change_works_while_running()
    {
        await using var peer = new ScriptedPeer("a.example.org", _chain);
        _network.Names["a.example.org"] = [IPAddress.Loopback];
        string file = _folder.Write("blacklist.json", "[\"*.example.org\"]");
        PeerDirectory peers = Directory(new PeerOptions { Discovery = PeerDiscovery.On, Seeds = [$"a.example.org t{peer.Port}"], BlacklistFile = file });

        using var end = new CancellationTokenSource();
        Task running = peers.RunAsync(end.Token);
        await Poll.UntilAsync(() => peers.List() is [{ State: PeerState.Bad, LastError: "is on the blacklist", Failures: > 0 }]);
        _network.Lookups.ShouldBeEmpty();
        Change("[]");
        await Poll.UntilAsync(() => peers.List() is [{ State: PeerState.Good }]);
        Change("[\"127.0.0.1\"]");
        await Poll.UntilAsync(() => peers.List() is [{ State: PeerState.Bad }]);
        await end.CancelAsync();
        await running;
        List(peers).ShouldNotContain("a.example.org");
        _log.Errors.ShouldBeEmpty();

        void Change(string json)
        {
            File.WriteAllText(file, json);
            // One step, so that the clock stands still while the peer is talked to.
            _time.Advance(TimeSpan.FromSeconds(11));
        }
    }

    [Fact]
    public async Task Checks_at_the_same_time_are_bounded()
    {
        var hold = new TaskCompletionSource<Stream>();
        _network.OnConnect = (_, cancellation) => hold.Task.WaitAsync(cancellation);
        string[] seeds = [.. Enumerable.Range(0, 20).Select(i => $"h{i}.example.net t")];
        for (int i = 0; i < 20; i++) _network.Names[$"h{i}.example.net"] = [IPAddress.Parse($"127.0.0.{i + 1}")];
        PeerDirectory peers = Directory(new PeerOptions { Discovery = PeerDiscovery.On, Seeds = seeds, MaxConcurrentChecks = 3 });
        await RunUntilAsync(peers, () => _network.Connections.Count == 3);
        _network.Connections.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Three_servers_find_each_other_from_one_seed()
    {
        using X509Certificate2 certificate = TestCertificate.Make();
        var servers = new List<ElectrumServer>();
        // The clock runs a hundred times as fast as the machine works.
        TimeSpan never = TimeSpan.FromDays(1);
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
        string[] names = ["a.example.org", "b.example.net", "c.example.com"];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                var address = IPAddress.Parse($"127.0.{i + 1}.1");
                var network = new AddressBoundNetwork(address);
                for (int j = 0; j < 3; j++) network.Names[names[j]] = [IPAddress.Parse($"127.0.{j + 1}.1")];
                // Only the first is known to the others, and knows nobody itself.
                var options = TestPeers.Options(
                    new PeerOptions { Discovery = PeerDiscovery.On, Seeds = i == 0 ? [] : [$"{names[0]} s{ports[0]}"], CheckInterval = TimeSpan.FromMinutes(1), Timeout = never },
                    new AdvertisedHost(names[i]) { TlsPort = ports[i] }) with
                {
                    Endpoints = [new ElectrumEndpoint(ElectrumTransport.Tls, new IPEndPoint(address, ports[i]))],
                    Limits = new SessionLimits { Idle = never, SlowReader = never, Daemon = never },
                };
                var server = new ElectrumServer(options, new ScriptedChain(), new ScriptedDaemon(), new TlsIdentity(certificate), NullLoggerFactory.Instance, _time, network);
                servers.Add(server);
                await server.StartAsync(TestContext.Current.CancellationToken);
            }

            await Poll.UntilAsync(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return servers.TrueForAll(server => server.Peers.List().Count(peer => peer.State == PeerState.Good) == 2);
            });

            foreach (ElectrumServer server in servers)
            {
                string list = System.Text.Encoding.UTF8.GetString(server.Peers.GetList(IPAddress.Loopback).Span);
                // Loopback is one bucket, of which two are told.
                names.Count(list.Contains).ShouldBe(3, list);
            }

            servers[0].Peers.List().ShouldAllBe(peer => peer.Source.StartsWith("add_peer 127.0."));
        }
        finally
        {
            foreach (ElectrumServer server in servers) await server.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    private PeerDirectory Directory(PeerOptions options) =>
        new(TestPeers.Options(options, new AdvertisedHost("me.example.org") { TcpPort = 50001 }), _chain, _log, _time, _network);

    private static string List(PeerDirectory peers) => System.Text.Encoding.UTF8.GetString(peers.GetList(IPAddress.Loopback).Span);

    private static async Task RunUntilAsync(PeerDirectory peers, Func<bool> condition)
    {
        using var end = new CancellationTokenSource();
        Task running = peers.RunAsync(end.Token);
        try
        {
            await Poll.UntilAsync(condition);
        }
        finally
        {
            await end.CancelAsync();
            await running;
        }
    }

    /// <summary>Connects from one loopback address, as a server does that has its own.</summary>
    private sealed class AddressBoundNetwork(IPAddress own) : PeerNetwork
    {
        public Dictionary<string, IPAddress[]> Names { get; } = new(StringComparer.Ordinal);

        public override bool IsPublic(IPAddress address) => true;

        public override Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation) => Task.FromResult(Names[name]);

        public override async Task<Stream> ConnectAsync(EndPoint target, CancellationToken cancellation)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(own, 0));
            await socket.ConnectAsync(target, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
