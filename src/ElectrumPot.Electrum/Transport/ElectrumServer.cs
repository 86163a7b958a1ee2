// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ElectrumPot.Electrum.Transport;

/// <summary>The side that faces the wallets: opens the ports, runs the sessions, announces what changes.</summary>
public sealed class ElectrumServer : IHostedService, IAsyncDisposable
{
    private readonly ElectrumOptions _options;
    private readonly TlsIdentity? _tls;
    private readonly ServiceProvider _services;
    private readonly KestrelServer _kestrel;
    private readonly List<(ElectrumEndpoint Wanted, ListenOptions Listening)> _listening = [];
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Notifier _notifier;
    private Task _background = Task.CompletedTask;

    /// <param name="tls">Needed when an endpoint is TLS.</param>
    public ElectrumServer(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, TlsIdentity? tls, ILoggerFactory loggers, TimeProvider time)
    {
        if (tls is null && options.Endpoints.Any(endpoint => endpoint.Transport == ElectrumTransport.Tls))
            throw new ArgumentException("A TLS port needs a certificate.", nameof(tls));
        _options = options;
        _tls = tls;
        var server = new ServerContext(options, chain, daemon, time);
        ILogger log = loggers.CreateLogger("ElectrumPot.Electrum.Sessions");
        Sessions = new SessionManager(server, log);
        _notifier = new Notifier(server, Sessions, log);

        _services = new ServiceCollection().AddSingleton(loggers).BuildServiceProvider();
        var kestrel = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        foreach (ElectrumEndpoint endpoint in options.Endpoints)
            kestrel.Listen(endpoint.Address, listen => Configure(listen, endpoint));
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(Options.Create(kestrel), transport, loggers);
    }

    /// <summary>Where it really listens; known once <see cref="StartAsync"/> is done.</summary>
    public IReadOnlyList<ElectrumEndpoint> Endpoints { get; private set; } = [];

    public SessionManager Sessions { get; }

    /// <summary>Opens the ports; call it once the index serves.</summary>
    /// <exception cref="ListenException">A port could not be opened; the message names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(new NoHttp(), cancellationToken);
        }
        catch (IOException failure)
        {
            throw new ListenException(failure.Message, failure);
        }

        Endpoints = [.. _listening.Select(pair => pair.Wanted with { Address = pair.Listening.IPEndPoint ?? pair.Wanted.Address })];
        _background = Task.WhenAll(_notifier.RunAsync(_shutdown.Token), Sessions.SweepAsync(_shutdown.Token));
    }

    /// <summary>Closes the ports, lets replies under way go out, then closes the sessions.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _shutdown.CancelAsync();
        await _kestrel.StopAsync(cancellationToken);
        await _background;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shutdown.IsCancellationRequested) await StopAsync(CancellationToken.None);
        _kestrel.Dispose();
        await _services.DisposeAsync();
        _shutdown.Dispose();
    }

    private void Configure(ListenOptions listen, ElectrumEndpoint endpoint)
    {
        listen.Protocols = HttpProtocols.None;
        if (endpoint.Transport == ElectrumTransport.Tls)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = _options.Limits.TlsHandshake,
                OnConnection = _ => ValueTask.FromResult(_tls!.Options),
            });
        }

        listen.Run(connection => Sessions.RunAsync(connection, connection.Transport, endpoint.Transport, _shutdown.Token));
        _listening.Add((endpoint, listen));
    }

    /// <summary>No endpoint speaks HTTP.</summary>
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => Task.CompletedTask;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
