// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Transport;

/// <summary>The side that faces the wallets: opens the ports, runs the sessions, announces what changes.</summary>
public sealed class ElectrumServer : IHostedService, IAsyncDisposable
{
    /// <param name="tls">Needed when an endpoint is TLS.</param>
    public ElectrumServer(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, TlsIdentity? tls, ILoggerFactory loggers, TimeProvider time)
    {
        _ = (options, chain, daemon, tls, loggers, time);
    }

    /// <summary>Where it really listens; filled by <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<ElectrumEndpoint> Endpoints { get; } = [];

    /// <summary>Opens the ports; call it once the index serves.</summary>
    /// <exception cref="ListenException">A port could not be opened; the message names it.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes the ports, lets replies under way go out, then closes the sessions.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
