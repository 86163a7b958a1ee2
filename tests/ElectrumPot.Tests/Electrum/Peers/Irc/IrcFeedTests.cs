// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Peers.Irc;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers.Irc;

/// <summary>The connection to a network that a test plays.</summary>
public sealed class IrcFeedTests : IAsyncDisposable
{
    private static readonly TimeSpan TwoTicks = TimeSpan.FromSeconds(2);

    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly TestNetwork _network = new();
    private readonly ConcurrentQueue<Network> _visits = new();
    private readonly CancellationTokenSource _end = new();
    private readonly PeerDirectory _peers;
    private readonly Task _running;

    public IrcFeedTests()
    {
        _network.OnConnect = (_, _) =>
        {
            var visit = new Network();
            _visits.Enqueue(visit);
            return Task.FromResult(visit.Stream);
        };
        ElectrumOptions options = Options(PeerDiscovery.On);
        _peers = new PeerDirectory(options, new ScriptedChain(), _log, _time, _network);
        _running = IrcFeed.For(options, _peers, _log, _time, _network)!.RunAsync(_end.Token);
    }

    [Fact]
    public async Task Servers_in_the_channel_become_candidates_that_wallets_are_not_told_of()
    {
        Network network = await JoinAsync();
        await network.SayAsync(":irc 353 EP_mine = #pot :@EP_a EP_mine", ":irc 366 EP_mine #pot :End of /NAMES list.");
        await network.HearsAsync("WHO EP_a", () => _time.Advance(TimeSpan.FromSeconds(1)));
        await network.SayAsync(":irc 352 EP_mine #pot ~electrum host irc EP_a H@ :0 a.example.org v1.6 t s");
        await Poll.UntilAsync(() => _peers.List().Count == 1);
        PeerInfo peer = _peers.List()[0];
        (peer.Host, peer.Ports, peer.State, peer.Source).ShouldBe(("a.example.org", new PeerPorts(50001, 50002), PeerState.Unchecked, "irc"));
        Encoding.UTF8.GetString(_peers.GetList(System.Net.IPAddress.Loopback).Span).ShouldNotContain("a.example.org");
    }

    [Fact]
    public async Task The_channel_is_listed_again_after_each_interval()
    {
        Network network = await JoinAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        await network.SayAsync("PING :x");
        await network.HearsAsync("PONG :x");
        _time.Advance(TimeSpan.FromMinutes(2) + TwoTicks);
        await network.HearsAsync("NAMES #pot");
    }

    [Fact]
    public async Task Silence_is_asked_about_and_then_given_up()
    {
        Network network = await JoinAsync();
        _time.Advance(TimeSpan.FromMinutes(4) + TwoTicks);
        await network.HearsAsync("PING :irc.example.net");
        _time.Advance(TimeSpan.FromMinutes(4) + TwoTicks);
        await Poll.UntilAsync(() => _log.Errors.Any(line => line.Contains("it is silent")));
        await Poll.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _visits.Count == 2;
        });
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_after_ten_seconds_and_then_with_growing_pauses()
    {
        Network network = await JoinAsync();
        await network.EndAsync();
        await Poll.UntilAsync(() => _log.Errors.Any());
        _log.Errors.Last().ShouldContain("retry_seconds=10");
        _network.OnConnect = (_, _) => Task.FromException<Stream>(new SocketException((int)SocketError.ConnectionRefused));
        foreach (int pause in new[] { 20, 40, 80 })
        {
            await Poll.UntilAsync(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _log.Errors.Last().Contains($"retry_seconds={pause}");
            });
        }
    }

    [Fact]
    public async Task A_line_without_an_end_ends_the_visit()
    {
        Network network = await JoinAsync();
        await network.SayAsync(new string('x', 9_000));
        await Poll.UntilAsync(() => _log.Errors.Any(line => line.Contains("a line without an end")));
    }

    [Theory]
    [InlineData(PeerDiscovery.Off)]
    [InlineData(PeerDiscovery.SelfOnly)]
    public void Without_discovery_nobody_goes_there(PeerDiscovery discovery) =>
        IrcFeed.For(Options(discovery), _peers, _log, _time, _network).ShouldBeNull();

    [Fact]
    public void A_server_known_by_its_onion_name_alone_stays_away()
    {
        ElectrumOptions options = Options(PeerDiscovery.On) with { Hosts = [new AdvertisedHost(TestPeers.Onion) { TcpPort = 50001 }] };
        IrcFeed.For(options, new PeerDirectory(options, new ScriptedChain(), _log, _time), _log, _time).ShouldBeNull();
        _log.Errors.ShouldHaveSingleItem().ShouldContain("irc is not used");
    }

    [Fact]
    public void Without_a_public_name_there_is_nothing_to_show()
    {
        ElectrumOptions options = Options(PeerDiscovery.On) with { Hosts = [new AdvertisedHost("192.168.0.1") { TcpPort = 50001 }] };
        IrcFeed.For(options, new PeerDirectory(options, new ScriptedChain(), _log, _time), _log, _time).ShouldBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private static ElectrumOptions Options(PeerDiscovery discovery) => TestPeers.Options(
        new PeerOptions { Discovery = discovery, Irc = new IrcOptions("irc.example.net") { Channel = "#pot", Nick = "mine" } },
        new AdvertisedHost("me.example.org") { TcpPort = 50001, TlsPort = 50002 });

    private async Task<Network> JoinAsync()
    {
        await Poll.UntilAsync(() => !_visits.IsEmpty);
        _visits.TryPeek(out Network? network);
        await network!.HearsAsync("USER electrum 0 * :me.example.org v1.7 t s ");
        await network.HearsAsync("NICK EP_mine");
        await network.SayAsync(":irc 001 EP_mine :Welcome");
        await network.HearsAsync("JOIN #pot");
        await network.SayAsync(":EP_mine!~electrum@host JOIN :#pot");
        await Poll.UntilAsync(() => _log.Lines.Any(line => line.Contains("irc joined")));
        return network;
    }

    /// <summary>The other end of one connection.</summary>
    private sealed class Network
    {
        private readonly Pipe _toServer = new();
        private readonly Pipe _toNetwork = new();
        private readonly StreamReader _reader;
        private Task<string?>? _reading;

        public Network()
        {
            _reader = new StreamReader(_toNetwork.Reader.AsStream());
            Stream = new DuplexStream(_toServer.Reader.AsStream(), _toNetwork.Writer.AsStream());
        }

        public Stream Stream { get; }

        public async Task SayAsync(params string[] lines)
        {
            foreach (string line in lines) await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
        }

        public async Task EndAsync() => await _toServer.Writer.CompleteAsync();

        /// <summary>Waits until the next line is there, and lets time pass until then.</summary>
        public async Task HearsAsync(string line, Action? letTimePass = null)
        {
            _reading ??= _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
            await Poll.UntilAsync(() =>
            {
                if (!_reading.IsCompleted) letTimePass?.Invoke();
                return _reading.IsCompleted;
            });
            (await _reading).ShouldBe(line);
            _reading = null;
        }
    }

    private sealed class DuplexStream(Stream input, Stream output) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);
    }
}
