// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Peers.Irc;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Framing;
using ElectrumPot.Electrum.Transport.Polling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Transport;

/// <summary>The side that faces the wallets: opens the ports, runs the sessions, announces what changes.</summary>
public sealed class ElectrumServer : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(1);

    private readonly ElectrumOptions _options;
    private readonly ServerContext _server;
    private readonly WebApplication _kestrel;
    private readonly List<(ElectrumEndpoint Wanted, ListenOptions Listening)> _listening = [];
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Notifier _notifier;
    private readonly IrcFeed? _irc;
    private readonly PollingSessions _polling;
    private readonly BackgroundTasks _tasks;
    private Task _background = Task.CompletedTask;

    /// <param name="tls">Needed when an endpoint is TLS.</param>
    public ElectrumServer(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, TlsIdentity? tls, ILoggerFactory loggers, TimeProvider time)
        : this(options, chain, daemon, tls, loggers, time, PeerNetwork.Internet)
    {
    }

    internal ElectrumServer(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, TlsIdentity? tls, ILoggerFactory loggers, TimeProvider time, PeerNetwork network)
    {
        if (tls is null && options.Endpoints.Any(endpoint => endpoint.Transport.IsEncrypted))
            throw new ArgumentException("A TLS port needs a certificate.", nameof(tls));
        _options = options;
        ILogger peerLog = loggers.CreateLogger("ElectrumPot.Electrum.Peers");
        Peers = new PeerDirectory(options, chain, peerLog, time, network);
        _irc = IrcFeed.For(options, Peers, peerLog, time, network);
        ILogger log = loggers.CreateLogger("ElectrumPot.Electrum.Sessions");
        var server = new ServerContext(options, chain, daemon, Peers, time, loggers.CreateLogger("ElectrumPot.Electrum.Limits"));
        _server = server;
        Sessions = new SessionManager(server, log);
        _notifier = new Notifier(server, Sessions, log);
        _polling = new PollingSessions(Sessions, server, _shutdown.Token);
        _tasks = new BackgroundTasks(chain, time, log, _shutdown.Token);

        // Kestrel alone: no configuration sources, no signals.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddSingleton<IHostLifetime>(new NoLifetime());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            HttpApplication.Limit(kestrel, options.Limits);
            var ports = new PortSetup(options.Limits, tls, ServeLinesAsync, MeterExchanges, _shutdown.Token);
            foreach (IReadOnlyList<ElectrumEndpoint> port in Ports(options.Endpoints))
                kestrel.Listen(port[0].Address, listen => Configure(listen, port, ports));
        });
        _kestrel = builder.Build();
        new HttpApplication(Sessions, _polling, server, _shutdown.Token).AddTo(_kestrel);
    }

    /// <summary>Where it really listens; known once <see cref="StartAsync"/> is done.</summary>
    public IReadOnlyList<ElectrumEndpoint> Endpoints { get; private set; } = [];

    public SessionManager Sessions { get; }

    public PeerDirectory Peers { get; }

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
        _background = Task.WhenAll(
            _tasks.KeepAsync("notifier", () => _notifier.RunAsync(_shutdown.Token)),
            _tasks.KeepAsync("sessions", () => Sessions.SweepAsync(_shutdown.Token)),
            _tasks.KeepAsync("polling", _polling.SweepAsync),
            _tasks.KeepAsync("peers", () => Peers.RunAsync(_shutdown.Token)),
            _tasks.KeepAsync("irc", () => _irc?.RunAsync(_shutdown.Token) ?? Task.CompletedTask));
    }

    /// <summary>Closes the ports, lets replies under way go out, then closes the sessions.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _shutdown.CancelAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task stopping = _kestrel.StopAsync(patience.Token);
        // Sessions end by themselves within the drain time, unless a wallet does not read.
        if (await Task.WhenAny(stopping, Task.Delay(_options.Limits.Drain + DrainGrace, CancellationToken.None)) != stopping)
        {
            Sessions.AbortAll("server-stops");
            // Connections without a session, in a handshake perhaps, have had their time as well.
            patience.CancelAfter(DrainGrace);
        }

        try
        {
            await stopping;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The last connections were cut off.
        }

        await _background;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shutdown.IsCancellationRequested) await StopAsync(CancellationToken.None);
        await _kestrel.DisposeAsync();
        _shutdown.Dispose();
    }

    /// <summary>Transports with the same address share a port; where the system chooses the port, each gets its own.</summary>
    private static IEnumerable<IReadOnlyList<ElectrumEndpoint>> Ports(IReadOnlyList<ElectrumEndpoint> endpoints) =>
        endpoints.Where(endpoint => endpoint.Address.Port != 0).GroupBy(endpoint => endpoint.Address).Select(port => port.ToArray())
            .Concat(endpoints.Where(endpoint => endpoint.Address.Port == 0).Select(endpoint => new[] { endpoint }));

    private void Configure(ListenOptions listen, IReadOnlyList<ElectrumEndpoint> endpoints, PortSetup ports)
    {
        listen.Use(next => new ConnectionGate(
            next, _server.Admission, _server.Limits, _options.Limits.TlsHandshake, _server.Time, endpoints.All(endpoint => endpoint.Transport.IsHttp)).ServeAsync);
        ports.Configure(listen, [.. endpoints.Select(endpoint => endpoint.Transport)]);
        _listening.AddRange(endpoints.Select(endpoint => (endpoint, listen)));
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

    /// <summary>A connection pays for its exchanges whether or not they reach a session.</summary>
    private SessionMeter MeterExchanges(ConnectionContext connection)
    {
        AdmissionTicket? ticket = connection.Features.Get<AdmissionTicket>();
        IPEndPoint peer = connection.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        bool isUnlimited = ticket?.IsUnlimited ?? _options.Admission.Unlimited.Contains(peer.Address);
        return new SessionMeter(_server.Admission, _options.Rates, ticket?.Group, isUnlimited, peer, _server.Limits, _server.Time);
    }

    /// <summary>Whoever made the server starts and stops it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
