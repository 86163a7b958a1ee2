// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Transport;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>A server with its sockets, on loopback ports.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private static readonly Lazy<X509Certificate2> Certificate = new(MakeCertificate);

    private readonly ElectrumServer _server;

    private TestServer(IReadOnlyList<ElectrumEndpoint> endpoints, SessionLimits limits, TimeProvider time, AdmissionLimits? admission = null, RateLimits? rates = null)
    {
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = endpoints, Limits = limits, Admission = admission ?? new AdmissionLimits(), Rates = rates ?? new RateLimits() };
        _server = new ElectrumServer(options, Chain, Daemon, new TlsIdentity(Certificate.Value), new Loggers(Log), time);
    }

    public ScriptedChain Chain { get; } = new();

    public ScriptedDaemon Daemon { get; } = new();

    public TestLog Log { get; } = new();

    public ElectrumPot.Electrum.Sessions.SessionManager Sessions => _server.Sessions;

    /// <summary>Each transport on a port of its own.</summary>
    public static Task<TestServer> StartAsync(params ElectrumTransport[] transports) => StartAsync(new SessionLimits(), transports);

    public static Task<TestServer> StartAsync(SessionLimits limits, params ElectrumTransport[] transports) =>
        StartAsync(limits, TimeProvider.System, transports);

    public static Task<TestServer> StartAsync(AdmissionLimits admission, params ElectrumTransport[] transports) =>
        StartAsync(new SessionLimits(), TimeProvider.System, admission, transports);

    public static Task<TestServer> StartAsync(SessionLimits limits, TimeProvider time, params ElectrumTransport[] transports) =>
        StartAsync(limits, time, new AdmissionLimits(), transports);

    public static Task<TestServer> StartAsync(RateLimits rates, TimeProvider time, params ElectrumTransport[] transports) =>
        StartAsync(new SessionLimits(), time, new AdmissionLimits(), transports, rates);

    private static async Task<TestServer> StartAsync(
        SessionLimits limits, TimeProvider time, AdmissionLimits admission, ElectrumTransport[] transports, RateLimits? rates = null)
    {
        var server = new TestServer(
            [.. transports.Select(transport => new ElectrumEndpoint(transport, new IPEndPoint(IPAddress.Loopback, 0)))], limits, time, admission, rates);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>All transports on one port.</summary>
    public static async Task<TestServer> StartSharedAsync(SessionLimits limits, params ElectrumTransport[] transports)
    {
        var address = new IPEndPoint(IPAddress.Loopback, Server.FreePort.Next());
        var server = new TestServer([.. transports.Select(transport => new ElectrumEndpoint(transport, address))], limits, TimeProvider.System);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public int Port(ElectrumTransport transport) => _server.Endpoints.First(endpoint => endpoint.Transport == transport).Address.Port;

    public Task StopAsync() => _server.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A bare connection.</summary>
    public async Task<Stream> ConnectAsync(ElectrumTransport transport)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port(transport), TestContext.Current.CancellationToken);
        return client.GetStream();
    }

    /// <summary>A TLS connection.</summary>
    public async Task<Stream> ConnectTlsAsync(ElectrumTransport transport, params SslApplicationProtocol[] alpn)
    {
        var tls = new SslStream(await ConnectAsync(transport), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = alpn.Length == 0 ? null : [.. alpn] },
            TestContext.Current.CancellationToken);
        return tls;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    private sealed class Loggers(TestLog log) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
