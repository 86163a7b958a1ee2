// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class ElectrumServerTests
{
    private const string Ping = "{\"id\":1,\"method\":\"server.ping\"}\n";
    private const string Pong = """{"jsonrpc":"2.0","id":1,"result":null}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tcp_and_tls_serve_the_same_on_ports_that_the_system_chose()
    {
        using X509Certificate2 certificate = MakeCertificate("first");
        await using ElectrumServer server = await StartAsync(new TlsIdentity(certificate));
        server.Endpoints.Count.ShouldBe(2);
        server.Endpoints.ShouldAllBe(endpoint => endpoint.Address.Port > 0);

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Endpoints[0].Address, Cancellation);
        (await ExchangeAsync(tcp.GetStream())).ShouldBe(Pong);

        (SslStream tls, string name) = await ConnectTlsAsync(server, SslProtocols.None);
        await using (tls)
        {
            (await ExchangeAsync(tls)).ShouldBe(Pong);
            name.ShouldBe("CN=first");
        }
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Current_tls_versions_are_spoken(SslProtocols version)
    {
        using X509Certificate2 certificate = MakeCertificate("x");
        await using ElectrumServer server = await StartAsync(new TlsIdentity(certificate));
        (SslStream tls, _) = await ConnectTlsAsync(server, version);
        await using (tls)
        {
            tls.SslProtocol.ShouldBe(version);
            (await ExchangeAsync(tls)).ShouldBe(Pong);
        }
    }

    [Fact]
    public async Task A_replaced_certificate_is_shown_to_new_connections_and_old_ones_go_on()
    {
        using X509Certificate2 first = MakeCertificate("first");
        using X509Certificate2 second = MakeCertificate("second");
        var identity = new TlsIdentity(first);
        await using ElectrumServer server = await StartAsync(identity);
        (SslStream before, string shownBefore) = await ConnectTlsAsync(server, SslProtocols.None);
        identity.Replace(second);
        (SslStream after, string shownAfter) = await ConnectTlsAsync(server, SslProtocols.None);
        await using (before)
        await using (after)
        {
            (shownBefore, shownAfter).ShouldBe(("CN=first", "CN=second"));
            (await ExchangeAsync(before)).ShouldBe(Pong);
            (await ExchangeAsync(after)).ShouldBe(Pong);
        }
    }

    [Fact]
    public async Task Garbage_or_silence_in_place_of_a_handshake_disturbs_nobody()
    {
        using X509Certificate2 certificate = MakeCertificate("x");
        await using ElectrumServer server = await StartAsync(new TlsIdentity(certificate), new SessionLimits { TlsHandshake = TimeSpan.FromMilliseconds(300) });
        using var silent = new TcpClient();
        await silent.ConnectAsync(server.Endpoints[1].Address, Cancellation);
        using var garbage = new TcpClient();
        await garbage.ConnectAsync(server.Endpoints[1].Address, Cancellation);
        await garbage.GetStream().WriteAsync("{\"id\":1}\n"u8.ToArray(), Cancellation);

        (SslStream tls, _) = await ConnectTlsAsync(server, SslProtocols.None);
        await using (tls)
            (await ExchangeAsync(tls)).ShouldBe(Pong);
        (await ReadToEndAsync(silent)).ShouldBe(0);
        await ReadToEndAsync(garbage);
        server.Sessions.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_hundred_megabytes_without_a_line_end_are_cut_off_early()
    {
        using X509Certificate2 certificate = MakeCertificate("x");
        await using ElectrumServer server = await StartAsync(new TlsIdentity(certificate));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoints[0].Address, Cancellation);
        var megabyte = new byte[1_000_000];
        long sent = 0;
        try
        {
            for (; sent < 100_000_000; sent += megabyte.Length)
                await client.GetStream().WriteAsync(megabyte, Cancellation);
        }
        catch (IOException)
        {
            // Cut off.
        }

        sent.ShouldBeLessThan(100_000_000);
        await Poll.UntilAsync(() => server.Sessions.Count == 0);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var endpoint = (IPEndPoint)taken.LocalEndpoint;
        await using ElectrumServer server = MakeServer([new ElectrumEndpoint(ElectrumTransport.Tcp, endpoint)], tls: null, new SessionLimits());
        ListenException failure = await Should.ThrowAsync<ListenException>(() => server.StartAsync(Cancellation));
        failure.Message.ShouldContain($"{endpoint.Port}");
    }

    [Fact]
    public async Task Stopping_ends_open_sessions_at_once()
    {
        await using ElectrumServer server = MakeServer([new ElectrumEndpoint(ElectrumTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))], tls: null, new SessionLimits());
        await server.StartAsync(Cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Endpoints[0].Address, Cancellation);
        (await ExchangeAsync(client.GetStream())).ShouldBe(Pong);
        await server.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        server.Sessions.Count.ShouldBe(0);
        (await ReadToEndAsync(client)).ShouldBe(0);
    }

    private static async Task<ElectrumServer> StartAsync(TlsIdentity tls, SessionLimits? limits = null)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        ElectrumServer server = MakeServer([new(ElectrumTransport.Tcp, any), new(ElectrumTransport.Tls, any)], tls, limits ?? new SessionLimits());
        await server.StartAsync(Cancellation);
        return server;
    }

    private static ElectrumServer MakeServer(IReadOnlyList<ElectrumEndpoint> endpoints, TlsIdentity? tls, SessionLimits limits)
    {
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = endpoints, Limits = limits };
        return new ElectrumServer(options, new ScriptedChain(), new ScriptedDaemon(), tls, NullLoggerFactory.Instance, TimeProvider.System);
    }

    private static async Task<(SslStream Stream, string Name)> ConnectTlsAsync(ElectrumServer server, SslProtocols version)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Endpoints[1].Address, Cancellation);
        string name = "";
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            name = certificate!.Subject;
            return true;
        });
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version }, Cancellation);
        return (stream, name);
    }

    private static async Task<string?> ExchangeAsync(Stream stream)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Ping), Cancellation);
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(Cancellation);
    }

    private static async Task<int> ReadToEndAsync(TcpClient client)
    {
        try
        {
            using var bytes = new MemoryStream();
            await client.GetStream().CopyToAsync(bytes, Cancellation);
            return (int)bytes.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static X509Certificate2 MakeCertificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
