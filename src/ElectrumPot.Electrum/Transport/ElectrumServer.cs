// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Net.Sockets;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Transport;

/// <summary>The side that faces the wallets: opens the ports, runs the sessions, announces what changes.</summary>
public sealed class ElectrumServer : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(1);

    private readonly ElectrumOptions _options;
    private readonly TlsIdentity? _tls;
    private readonly ServerContext _server;
    private readonly WebApplication _kestrel;
    private readonly List<(ElectrumEndpoint Wanted, ListenOptions Listening)> _listening = [];
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Notifier _notifier;
    private Task _background = Task.CompletedTask;

    /// <param name="tls">Needed when an endpoint is TLS.</param>
    public ElectrumServer(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, TlsIdentity? tls, ILoggerFactory loggers, TimeProvider time)
    {
        if (tls is null && options.Endpoints.Any(endpoint => endpoint.Transport.IsEncrypted))
            throw new ArgumentException("A TLS port needs a certificate.", nameof(tls));
        _options = options;
        _tls = tls;
        ILogger log = loggers.CreateLogger("ElectrumPot.Electrum.Sessions");
        var server = new ServerContext(options, chain, daemon, time, loggers.CreateLogger("ElectrumPot.Electrum.Limits"));
        _server = server;
        Sessions = new SessionManager(server, log);
        _notifier = new Notifier(server, Sessions, log);

        // Kestrel alone: no configuration sources, no signals, no middleware.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddSingleton<IHostLifetime>(new NoLifetime());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (ElectrumEndpoint endpoint in options.Endpoints)
                kestrel.Listen(endpoint.Address, listen => Configure(listen, endpoint));
        });
        _kestrel = builder.Build();
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
            await _kestrel.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
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
        Task stopping = _kestrel.StopAsync(cancellationToken);
        // Sessions end by themselves within the drain time, unless a wallet does not read.
        if (await Task.WhenAny(stopping, Task.Delay(_options.Limits.Drain + DrainGrace, CancellationToken.None)) != stopping)
            Sessions.AbortAll("server-stops");
        await stopping;
        await _background;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shutdown.IsCancellationRequested) await StopAsync(CancellationToken.None);
        await _kestrel.DisposeAsync();
        _shutdown.Dispose();
    }

    private void Configure(ListenOptions listen, ElectrumEndpoint endpoint)
    {
        listen.Protocols = HttpProtocols.None;
        listen.Use(next => new ConnectionGate(
            next, _server.Admission, _server.Limits, _options.Limits.TlsHandshake, _server.Time, endpoint.Transport.IsHttp).ServeAsync);
        if (endpoint.Transport.IsEncrypted)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = _options.Limits.TlsHandshake,
                OnConnection = _ => ValueTask.FromResult(_tls!.Options),
            });
        }

        listen.Run(connection => ServeLinesAsync(connection, endpoint.Transport));
        _listening.Add((endpoint, listen));
    }

    private Task ServeLinesAsync(ConnectionContext connection, ElectrumTransport transport)
    {
        var client = new ClientConnection(transport, connection.RemoteEndPoint, reason => connection.Abort(new ConnectionAbortedException(reason)))
        {
            Admission = connection.Features.Get<AdmissionTicket>(),
        };
        PipeReader input = connection.Transport.Input;
        return Sessions.RunAsync(client, connection.Transport.Output, handler => LineReceiver.ReceiveAsync(input, handler), _shutdown.Token);
    }

    /// <summary>Whoever made the server starts and stops it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
