// SPDX-License-Identifier: MIT

using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class SharedPortTests
{
    private const string Ping = "{\"id\":1,\"method\":\"server.ping\"}\n";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":null}""";

    private static readonly ElectrumTransport[] All = Enum.GetValues<ElectrumTransport>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_six_transports_share_a_port()
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), All);
        All.Select(server.Port).Distinct().Count().ShouldBe(1);

        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        await using Stream tls = await server.ConnectTlsAsync(ElectrumTransport.Tls);
        (await ExchangeAsync(tcp, Ping)).ShouldBe(Pong);
        (await ExchangeAsync(tls, Ping)).ShouldBe(Pong);
        foreach (ElectrumTransport transport in new[] { ElectrumTransport.WebSocket, ElectrumTransport.WebSocketTls })
        {
            using var socket = new ClientWebSocket();
            socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
            await socket.ConnectAsync(new Uri($"{transport.Name}://127.0.0.1:{server.Port(transport)}"), Cancellation);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Ping), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
            var buffer = new byte[1000];
            WebSocketReceiveResult reply = await socket.ReceiveAsync(buffer, Cancellation);
            Encoding.ASCII.GetString(buffer, 0, reply.Count).ShouldBe(Pong);
            server.Sessions.Sessions.ShouldContain(session => session.Transport == transport);
        }

        foreach (ElectrumTransport transport in new[] { ElectrumTransport.Http, ElectrumTransport.HttpTls })
        {
            using var wallet = new PollingWallet(server, transport);
            (await wallet.PostAndPollAsync(Ping)).ShouldBe(Pong);
            server.Sessions.Sessions.ShouldContain(session => session.Transport == transport);
        }

        server.Sessions.Sessions.ShouldContain(session => session.Transport == ElectrumTransport.Tcp);
        server.Sessions.Sessions.ShouldContain(session => session.Transport == ElectrumTransport.Tls);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GE")]
    [InlineData("GET")]
    [InlineData("O")]
    [InlineData("OPTIONS")]
    public async Task A_request_whose_method_comes_in_pieces_is_recognised(string piece)
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), All);
        await using Stream stream = await server.ConnectAsync(ElectrumTransport.Http);
        string request = (piece[0] == 'G' ? "GET" : "OPTIONS") + " / HTTP/1.0\r\n\r\n";

        await stream.WriteAsync(Encoding.ASCII.GetBytes(piece), Cancellation);
        await Task.Delay(20, Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request[piece.Length..]), Cancellation);

        (await ReadLineAsync(stream)).ShouldBe("HTTP/1.1 200 OK");
    }

    [Theory]
    [InlineData("[{\"id\":1,\"method\":\"server.ping\"}]\n", "[" + Pong + "]")]
    [InlineData("\r\n \t{\"id\":1,\"method\":\"server.ping\"}\n", Pong)]
    public async Task Lines_are_recognised_by_what_json_begins_with(string lines, string reply)
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), All);
        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        (await ExchangeAsync(tcp, lines)).ShouldBe(reply);
    }

    [Theory]
    [InlineData("GETTER\n")]
    [InlineData("PUNT / HTTP/1.1\n")]
    [InlineData("nonsense\n")]
    public async Task What_cannot_be_recognised_gets_the_error_of_a_line(string nonsense)
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), All);
        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        await using Stream tls = await server.ConnectTlsAsync(ElectrumTransport.Tls);

        (await ExchangeAsync(tcp, nonsense))!.ShouldContain("not valid JSON");
        (await ExchangeAsync(tls, nonsense))!.ShouldContain("not valid JSON");
        (await ExchangeAsync(tcp, Ping)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Quit_is_a_line()
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), All);
        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        (await ExchangeAsync(tcp, "quit\n")).ShouldBeNull();
    }

    [Fact]
    public async Task Silence_is_cut_off_after_the_time_of_a_handshake_and_slowness_before_is_not()
    {
        var limits = new SessionLimits { TlsHandshake = TimeSpan.FromMilliseconds(700) };
        await using TestServer server = await TestServer.StartSharedAsync(limits, All);
        await using Stream silent = await server.ConnectAsync(ElectrumTransport.Tcp);
        await using Stream undecided = await server.ConnectAsync(ElectrumTransport.Tcp);
        await using Stream slow = await server.ConnectAsync(ElectrumTransport.Tcp);
        await undecided.WriteAsync("GE"u8.ToArray(), Cancellation);

        await Task.Delay(100, Cancellation);
        (await ExchangeAsync(slow, Ping)).ShouldBe(Pong);

        (await ReadLineAsync(silent)).ShouldBeNull();
        (await ReadLineAsync(undecided)).ShouldBeNull();
        (await ExchangeAsync(slow, Ping)).ShouldBe(Pong);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_for_one_transport_waits_for_the_first_byte_as_long_as_for_any_request()
    {
        var limits = new SessionLimits { TlsHandshake = TimeSpan.FromMilliseconds(50) };
        await using TestServer server = await TestServer.StartAsync(limits, ElectrumTransport.Tcp);
        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        await Task.Delay(300, Cancellation);
        (await ExchangeAsync(tcp, Ping)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Without_encrypted_transports_a_handshake_is_nonsense_like_any_other()
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), ElectrumTransport.Tcp, ElectrumTransport.WebSocket);
        await using Stream tcp = await server.ConnectAsync(ElectrumTransport.Tcp);
        await tcp.WriteAsync(new byte[] { 0x16, 3, 1, 0, (byte)'\n' }, Cancellation);
        (await ReadLineAsync(tcp))!.ShouldContain("not valid JSON");
    }

    [Fact]
    public async Task Encrypted_lines_and_plain_polling_share_a_port()
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits(), ElectrumTransport.Tls, ElectrumTransport.Http);
        await using Stream tls = await server.ConnectTlsAsync(ElectrumTransport.Tls);
        (await ExchangeAsync(tls, Ping)).ShouldBe(Pong);
        using var wallet = new PollingWallet(server, ElectrumTransport.Http);
        (await wallet.PostAndPollAsync(Ping)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Clients_that_offer_http2_in_the_handshake_go_on_with_what_is_spoken()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.HttpTls, ElectrumTransport.Tls);
        await using Stream lines = await server.ConnectTlsAsync(ElectrumTransport.Tls, new SslApplicationProtocol("electrum"));
        (await ExchangeAsync(lines, Ping)).ShouldBe(Pong);
        await using Stream http = await server.ConnectTlsAsync(ElectrumTransport.HttpTls, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        (await ExchangeAsync(http, "GET / HTTP/1.0\r\n\r\n")).ShouldBe("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_those_that_have_said_nothing()
    {
        await using TestServer server = await TestServer.StartSharedAsync(new SessionLimits { TlsHandshake = TimeSpan.FromMinutes(5) }, All);
        await using Stream silent = await server.ConnectAsync(ElectrumTransport.Tcp);
        await using Stream handshaking = await server.ConnectAsync(ElectrumTransport.Tls);
        await handshaking.WriteAsync(new byte[] { 0x16, 3, 1 }, Cancellation);
        await Task.Delay(50, Cancellation);

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(8), Cancellation);
    }

    private static async Task<string?> ExchangeAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        return await ReadLineAsync(stream);
    }

    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        try
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            return await reader.ReadLineAsync(deadline.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
