// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

/// <summary>Peers behind Tor, with a proxy of the test's own in its place.</summary>
public sealed class OnionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_onion_peer_is_verified_through_the_proxy_which_resolves_its_name()
    {
        var chain = new ScriptedChain();
        await using var peer = new ScriptedPeer(TestPeers.Onion, chain);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<byte[]> proxy = ServeAsync(listener, peer.Port);
        var network = new TestNetwork();

        PeerCheck check = await CheckAsync(chain, network, (IPEndPoint)listener.LocalEndpoint, peer.Port);

        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Good, ""));
        check.Address.ShouldBeNull();
        network.Lookups.ShouldBeEmpty("the name must not leave through DNS");
        byte[] request = await proxy;
        request[..5].ShouldBe([5, 1, 0, 3, 62]);
        Encoding.ASCII.GetString(request[5..^2]).ShouldBe(TestPeers.Onion);
        ((request[^2] << 8) | request[^1]).ShouldBe(peer.Port);
        peer.Requests.ShouldNotContain(asked => asked.Method == "server.add_peer", "it would see Tor's address, not ours");
    }

    [Fact]
    public async Task A_server_known_by_its_onion_name_alone_contacts_nobody_in_the_clear()
    {
        using var folder = new TestFolder();
        var network = new TestNetwork { OnConnect = (_, _) => Task.FromException<Stream>(new SocketException((int)SocketError.ConnectionRefused)) };
        var proxy = new IPEndPoint(IPAddress.Loopback, 9050);
        ElectrumOptions options = TestPeers.Options(
            new PeerOptions
            {
                Discovery = PeerDiscovery.On,
                TorProxy = proxy,
                Seeds = ["seed.example.org t s", "9.9.9.9 t", $"{TestPeers.Onion} t"],
                StoreFile = folder.Write("peers.json", """[{"host":"stored.example.org","tcp_port":50001}]"""),
            },
            new AdvertisedHost(TestPeers.OnionOf(1)) { TcpPort = 1 });
        var peers = new PeerDirectory(options, new ScriptedChain(), new TestLog(), new ManualTime(), network);
        using var end = new CancellationTokenSource();
        Task running = peers.RunAsync(end.Token);
        await Poll.UntilAsync(() => peers.List() is [{ State: PeerState.Failing }]);
        bool isAdded = await peers.AddAsync(
            JsonElement.Parse($$$"""{"hosts":{"asks.example.org":{"tcp_port":1}},"genesis_hash":"{{{options.Coin.GenesisHash}}}"}"""), IPAddress.Parse("9.9.9.9"), Cancellation);
        await end.CancelAsync();
        await running;

        isAdded.ShouldBeFalse();
        peers.List().ShouldHaveSingleItem().Host.ShouldBe(TestPeers.Onion);
        network.Lookups.ShouldBeEmpty();
        network.Connections.ShouldAllBe(target => target == proxy);
    }

    [Fact]
    public async Task A_clearnet_target_is_not_dialled_when_it_must_not_know_our_address()
    {
        var network = new TestNetwork();
        ElectrumOptions options = TestPeers.Options(new PeerOptions(), new AdvertisedHost(TestPeers.Onion) { TcpPort = 1 });
        var verifier = new PeerVerifier(
            options, new ScriptedChain(), new OwnIdentities(options.Hosts, AddressRules.IsPublic), network, (_, _) => null, new ManualTime());
        PeerCheck check = await verifier.CheckAsync(new PeerTarget(TestPeers.Host("a.example.org"), new PeerPorts(1, null), null), Cancellation);
        check.Verdict.ShouldBe(PeerVerdict.Bad);
        network.Lookups.ShouldBeEmpty();
        network.Connections.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_proxy_an_onion_peer_is_not_contacted()
    {
        var network = new TestNetwork();
        PeerCheck check = await CheckAsync(new ScriptedChain(), network, proxy: null, 50001);
        (check.Verdict, check.Error).ShouldBe((PeerVerdict.Unreachable, "there is no Tor proxy to reach it"));
        network.Connections.ShouldBeEmpty();
        network.Lookups.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0500 05050001000000000000", "cannot connect: connection refused")]
    [InlineData("0500 05040001000000000000", "cannot connect: host unreachable")]
    [InlineData("0500 05ff0001000000000000", "cannot connect: code 255")]
    [InlineData("05ff", "wants a password")]
    [InlineData("4854", "does not speak SOCKS 5")]
    [InlineData("0500 050000090000", "malformed")]
    [InlineData("0500 05000003", "Unable to read beyond the end of the stream")]
    public async Task What_the_proxy_says_is_the_reason(string answer, string reason)
    {
        byte[][] pieces = [.. answer.Split(' ').Select(Convert.FromHexString)];
        var network = new TestNetwork { OnConnect = (_, _) => Task.FromResult<Stream>(new MemoryDuplex(pieces)) };
        PeerCheck check = await CheckAsync(new ScriptedChain(), network, new IPEndPoint(IPAddress.Loopback, 9050), 50001);
        check.Verdict.ShouldBe(PeerVerdict.Unreachable);
        check.Error.ShouldStartWith($"tcp://{TestPeers.Onion}"[..20]);
        Should.Throw<IOException>(() => Socks5.ConnectAsync(new MemoryDuplex(pieces), TestPeers.Onion, 50001, Cancellation)).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("050000010a0000010001")]
    [InlineData("05000004000000000000000000000000000000010001")]
    [InlineData("0500000303616263c351")]
    public async Task The_address_of_a_success_is_passed_over_whatever_its_kind(string reply)
    {
        await using var stream = new MemoryDuplex([Convert.FromHexString("0500"), Convert.FromHexString(reply + "77")]);
        await Socks5.ConnectAsync(stream, TestPeers.Onion, 50001, Cancellation);
        byte[] next = new byte[1];
        await stream.ReadExactlyAsync(next, Cancellation);
        next[0].ShouldBe((byte)0x77);
    }

    private static Task<PeerCheck> CheckAsync(ScriptedChain chain, TestNetwork network, EndPoint? proxy, int port)
    {
        ElectrumOptions options = TestPeers.Options(new PeerOptions { TorProxy = proxy }, new AdvertisedHost("me.example.org") { TcpPort = 1 });
        var verifier = new PeerVerifier(options, chain, new OwnIdentities(options.Hosts, AddressRules.IsPublic), network, (_, _) => null, new ManualTime());
        return verifier.CheckAsync(new PeerTarget(TestPeers.Host(TestPeers.Onion), new PeerPorts(port, null), null), Cancellation);
    }

    /// <summary>Takes one request as a SOCKS proxy does and relays to the port.</summary>
    private static async Task<byte[]> ServeAsync(TcpListener listener, int port)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        byte[] greeting = new byte[3];
        await stream.ReadExactlyAsync(greeting, Cancellation);
        await stream.WriteAsync(new byte[] { 5, 0 }, Cancellation);
        byte[] request = new byte[5 + TestPeers.Onion.Length + 2];
        await stream.ReadExactlyAsync(request, Cancellation);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, Cancellation);
        using var target = new TcpClient();
        await target.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        NetworkStream behind = target.GetStream();
        await Task.WhenAny(stream.CopyToAsync(behind, Cancellation), behind.CopyToAsync(stream, Cancellation));
        return request;
    }

    /// <summary>Gives what it was made of and takes everything.</summary>
    private sealed class MemoryDuplex(byte[][] pieces) : MemoryStream([.. pieces.SelectMany(piece => piece)])
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
