// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

/// <summary>Wallets behind an HTTP proxy are known by their own addresses, and counted by them.</summary>
public class ForwardedClientTests
{
    private static readonly AdmissionLimits BehindProxy = new() { TrustedProxies = AddressList.Loopback, MaxSessionsPerAddress = 1 };

    [Fact]
    public async Task A_web_socket_counts_for_the_address_that_the_proxy_names()
    {
        await using TestServer server = await TestServer.StartAsync(BehindProxy, ElectrumTransport.WebSocket);
        using ClientWebSocket first = await ConnectAsync(server, "203.0.113.66, 192.0.2.7");
        await Poll.UntilAsync(() => server.Sessions.Count == 1);
        server.Sessions.Sessions.Single().ClientAddress.ShouldBe(IPAddress.Parse("192.0.2.7"));

        // Its one session is taken; what it invents about others does not help.
        using ClientWebSocket refused = await ConnectAsync(server, "198.51.100.1, 192.0.2.7");
        await EndsAsync(refused);
        using ClientWebSocket other = await ConnectAsync(server, "192.0.2.8");
        await Poll.UntilAsync(() => server.Sessions.Count == 2);

        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => server.Sessions.Count == 1);
        using ClientWebSocket again = await ConnectAsync(server, "192.0.2.7");
        await Poll.UntilAsync(() => server.Sessions.Count == 2);
    }

    [Fact]
    public async Task A_polling_session_counts_for_the_address_that_the_proxy_names()
    {
        await using TestServer server = await TestServer.StartAsync(BehindProxy, ElectrumTransport.Http);
        (await PostAsync(server, "192.0.2.7")).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(server, "192.0.2.7")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await PostAsync(server, "192.0.2.8")).ShouldBe(HttpStatusCode.OK);
        await Poll.UntilAsync(() => server.Sessions.Count == 2);
        server.Sessions.Sessions.Select(session => session.ClientAddress.ToString()).ShouldBe(["192.0.2.7", "192.0.2.8"], ignoreOrder: true);
    }

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        await using TestServer server = await TestServer.StartAsync(ElectrumTransport.WebSocket);
        using ClientWebSocket liar = await ConnectAsync(server, "192.0.2.7");
        await Poll.UntilAsync(() => server.Sessions.Count == 1);
        server.Sessions.Sessions.Single().ClientAddress.ShouldBe(IPAddress.Loopback);
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestServer server, string forwardedFor)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Forwarded-For", forwardedFor);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port(ElectrumTransport.WebSocket)}/"), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task EndsAsync(ClientWebSocket socket)
    {
        try
        {
            (await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken)).MessageType.ShouldBe(WebSocketMessageType.Close);
        }
        catch (WebSocketException)
        {
            // Hung up on without a goodbye.
        }
    }

    private static async Task<HttpStatusCode> PostAsync(TestServer server, string forwardedFor)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        object[] requests = [new { id = 1, method = "server.banner" }];
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            new Uri($"http://127.0.0.1:{server.Port(ElectrumTransport.Http)}/"), requests, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
