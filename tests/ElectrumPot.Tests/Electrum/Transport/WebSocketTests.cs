// SPDX-License-Identifier: MIT

using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class WebSocketTests
{
    private const string Ping = """{"id":1,"method":"server.ping"}""";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":null}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ElectrumTransport.WebSocket, "/")]
    [InlineData(ElectrumTransport.WebSocketTls, "/any/path?at=all")]
    public async Task A_message_is_a_request_and_so_is_the_reply(ElectrumTransport transport, string path)
    {
        await using TestServer server = await TestServer.StartAsync(transport);
        using ClientWebSocket wallet = await ConnectAsync(server, transport, path);

        await SendAsync(wallet, Ping);
        (await ReadAsync(wallet)).ShouldBe(Pong);
        server.Sessions.Sessions.Single().Transport.ShouldBe(transport);

        await wallet.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        wallet.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Binary_messages_and_line_ends_are_taken_as_well(string lineEnd)
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        await wallet.SendAsync(Encoding.UTF8.GetBytes(Ping + lineEnd), WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        (await ReadAsync(wallet)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Fragments_are_joined_and_a_batch_is_one_reply()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        byte[] batch = Encoding.UTF8.GetBytes("[" + Ping + ",\n" + Ping + "]");
        for (int i = 0; i < batch.Length; i++)
            await wallet.SendAsync(batch.AsMemory(i, 1), WebSocketMessageType.Text, endOfMessage: i == batch.Length - 1, Cancellation);

        (await ReadAsync(wallet)).ShouldBe($"[{Pong},{Pong}]");
    }

    [Fact]
    public async Task Many_requests_at_once_are_answered_one_by_one()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        for (int i = 0; i < 500; i++) await SendAsync(wallet, $$"""{"id":{{i}},"method":"server.ping"}""");
        for (int i = 0; i < 500; i++)
            JsonElement.Parse((await ReadAsync(wallet))!).GetProperty("id").GetInt32().ShouldBe(i);
    }

    [Fact]
    public async Task Notifications_arrive_without_a_request()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        await SendAsync(wallet, """{"id":1,"method":"blockchain.headers.subscribe"}""");
        await ReadAsync(wallet);

        server.Chain.Publish(state => state.AddBlock());

        JsonElement.Parse((await ReadAsync(wallet))!).GetProperty("method").GetString().ShouldBe("blockchain.headers.subscribe");
    }

    [Fact]
    public async Task Replies_longer_than_all_buffers_arrive_whole()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        string name = new('x', 100);
        string batch = "[" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{"id":"{{name}}{{i}}","method":"server.ping"}""")) + "]";

        await SendAsync(wallet, batch);
        string reply = (await ReadAsync(wallet))!;

        reply.Length.ShouldBeGreaterThan(100_000);
        JsonElement.Parse(reply).GetArrayLength().ShouldBe(1000);
    }

    [Fact]
    public async Task Text_that_is_no_json_is_an_error_and_the_connection_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        await SendAsync(wallet, "{nonsense");
        ErrorCode(await ReadAsync(wallet)).ShouldBe(-32700);
        await wallet.SendAsync(new byte[] { (byte)'{', 0xff, (byte)'}' }, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        ErrorCode(await ReadAsync(wallet)).ShouldBe(-32700);
        await SendAsync(wallet, Ping);
        (await ReadAsync(wallet)).ShouldBe(Pong);
    }

    [Fact]
    public async Task Text_that_is_no_utf8_ends_the_connection_with_1007()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        await wallet.SendAsync(new byte[] { (byte)'"', 0xff, (byte)'"' }, WebSocketMessageType.Text, endOfMessage: true, Cancellation);

        (await ReadAsync(wallet)).ShouldBeNull();
        wallet.CloseStatus.ShouldBe(WebSocketCloseStatus.InvalidPayloadData);
        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_and_ends_the_connection_with_1009()
    {
        await using TestServer server = await TestServer.StartAsync(new SessionLimits { MaxRequestBytes = 10_000 }, ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        await SendAsync(wallet, Ping + new string(' ', 10_000 - Ping.Length) + "\r\n");
        (await ReadAsync(wallet)).ShouldBe(Pong);
        Task endless = SendForeverAsync(wallet);

        ErrorCode(await ReadAsync(wallet)).ShouldBe(-32600);
        (await ReadAsync(wallet)).ShouldBeNull();
        wallet.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
        await endless;
        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task A_version_that_is_not_spoken_ends_the_connection_with_1008()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);

        await SendAsync(wallet, """{"id":1,"method":"server.version","params":["x","99.0"]}""");

        ErrorCode(await ReadAsync(wallet)).ShouldBe(1);
        (await ReadAsync(wallet)).ShouldBeNull();
        wallet.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task A_stopping_server_says_so_with_1001()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        await SendAsync(wallet, Ping);
        await ReadAsync(wallet);

        Task stopping = server.StopAsync();

        (await ReadAsync(wallet)).ShouldBeNull();
        wallet.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await wallet.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Cancellation);
        await stopping.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        server.Sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_idle_wallet_is_sent_away_with_1008()
    {
        var time = new ManualTime();
        await using TestServer server = await TestServer.StartAsync(new SessionLimits(), time, ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        await SendAsync(wallet, Ping);
        await ReadAsync(wallet);

        time.Advance(TimeSpan.FromSeconds(602));

        (await ReadAsync(wallet)).ShouldBeNull();
        (wallet.CloseStatus, wallet.CloseStatusDescription).ShouldBe((WebSocketCloseStatus.PolicyViolation, "idle"));
        server.Log.Lines.ShouldContain(line => line.Contains("reason=idle"));
    }

    [Fact]
    public async Task A_wallet_that_does_not_read_is_disconnected()
    {
        var time = new ManualTime();
        await using TestServer server = await TestServer.StartAsync(new SessionLimits(), time, ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        Task asking = AskWithoutReadingAsync(wallet);

        // The clock moves until the waiting of the output has become too long.
        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return server.Sessions.Count == 0;
        });

        server.Log.Lines.ShouldContain(line => line.Contains("reason=slow-reader"));
        await asking.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        server.Log.OwnErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wallet_that_answers_no_ping_is_dropped()
    {
        var limits = new SessionLimits { WebSocketPing = TimeSpan.FromMilliseconds(100), WebSocketPong = TimeSpan.FromMilliseconds(200) };
        await using TestServer server = await TestServer.StartAsync(limits, ElectrumTransport.WebSocket);
        await using Stream silent = await server.ConnectAsync(ElectrumTransport.WebSocket);
        await silent.WriteAsync(Encoding.ASCII.GetBytes(Handshake), Cancellation);
        await Poll.UntilAsync(() => server.Sessions.Count == 1);

        await Poll.UntilAsync(() => server.Sessions.Count == 0);
        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task A_wallet_that_answers_pings_stays()
    {
        var limits = new SessionLimits { WebSocketPing = TimeSpan.FromMilliseconds(50), WebSocketPong = TimeSpan.FromMilliseconds(2000) };
        await using TestServer server = await TestServer.StartAsync(limits, ElectrumTransport.WebSocket);
        using ClientWebSocket wallet = await ConnectAsync(server);
        Task<string?> reading = ReadAsync(wallet);
        await Task.Delay(500, Cancellation);

        await SendAsync(wallet, Ping);
        (await reading).ShouldBe(Pong);
    }

    [Fact]
    public async Task Frames_against_the_rules_end_the_connection_with_1002()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        await using Stream raw = await server.ConnectAsync(ElectrumTransport.WebSocket);
        await raw.WriteAsync(Encoding.ASCII.GetBytes(Handshake), Cancellation);

        // There is no opcode 3.
        await raw.WriteAsync(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, Cancellation);

        byte[] all = await ReadToEndAsync(raw);
        int head = Encoding.Latin1.GetString(all).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Encoding.ASCII.GetString(all, 0, head).ShouldStartWith("HTTP/1.1 101 ");
        Encoding.ASCII.GetString(all, 0, head).ShouldNotContain("Sec-WebSocket-Extensions");
        all[head].ShouldBe((byte)0x88);
        ((all[head + 2] << 8) | all[head + 3]).ShouldBe(1002);
        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task Vanished_wallets_leave_nothing_behind()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        for (int i = 0; i < 5; i++)
        {
            using ClientWebSocket wallet = await ConnectAsync(server);
            await SendAsync(wallet, Ping);
            if (i % 2 == 0) await ReadAsync(wallet);
            wallet.Abort();
        }

        await ShouldHaveLeftQuietlyAsync(server);
    }

    [Fact]
    public async Task A_request_that_is_no_upgrade_learns_what_is_wrong()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.GetAsync($"http://127.0.0.1:{server.Port(ElectrumTransport.WebSocket)}/", Cancellation);

        ((int)answer.StatusCode).ShouldBe(426);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain("WebSocket");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    private static string Handshake =>
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static async Task<ClientWebSocket> ConnectAsync(TestServer server, ElectrumTransport transport = ElectrumTransport.WebSocket, string path = "/")
    {
        var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        socket.Options.SetRequestHeader("Origin", "https://wallet.example");
        await socket.ConnectAsync(new Uri($"{transport.Name}://127.0.0.1:{server.Port(transport)}{path}"), Cancellation);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket wallet, string text) =>
        wallet.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    private static async Task SendForeverAsync(ClientWebSocket wallet)
    {
        try
        {
            var piece = new byte[1000];
            Array.Fill(piece, (byte)' ');
            while (wallet.State == WebSocketState.Open) await wallet.SendAsync(piece, WebSocketMessageType.Text, endOfMessage: false, Cancellation);
        }
        catch (WebSocketException)
        {
            // Cut off.
        }
    }

    private static async Task AskWithoutReadingAsync(ClientWebSocket wallet)
    {
        try
        {
            string batch = "[" + string.Join(',', Enumerable.Repeat(Ping, 1000)) + "]";
            while (wallet.State == WebSocketState.Open) await SendAsync(wallet, batch);
        }
        catch (WebSocketException)
        {
            // Cut off.
        }
    }

    /// <summary>The next message, which must be text; null when the server closed.</summary>
    private static async Task<string?> ReadAsync(ClientWebSocket wallet)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            WebSocketReceiveResult part = await wallet.ReceiveAsync(buffer, deadline.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return Encoding.UTF8.GetString(message.ToArray());
        }
    }

    private static int ErrorCode(string? reply) => JsonElement.Parse(reply!).GetProperty("error").GetProperty("code").GetInt32();

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await stream.CopyToAsync(bytes, deadline.Token);
        }
        catch (IOException)
        {
            // Cut off, because nobody answered the close frame.
        }

        return bytes.ToArray();
    }

    private static async Task ShouldHaveLeftQuietlyAsync(TestServer server)
    {
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
        server.Log.OwnErrors.ShouldBeEmpty();
    }
}
