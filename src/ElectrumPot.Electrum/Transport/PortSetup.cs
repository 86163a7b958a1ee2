// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Transport.Framing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ElectrumPot.Electrum.Transport;

/// <summary>
/// Sets up a port for one transport or for several. On a port of several the first bytes of a connection tell which it
/// speaks; what cannot be recognised is taken for lines, where it gets an error that says what is wrong.
/// </summary>
/// <param name="tls">Needed when a transport is encrypted.</param>
/// <param name="serveLines">Serves a connection that speaks lines.</param>
/// <param name="meter">Makes what the HTTP exchanges of a connection are metered by.</param>
internal sealed class PortSetup(
    SessionLimits limits,
    TlsIdentity? tls,
    Func<ConnectionContext, ElectrumTransport, Task> serveLines,
    Func<ConnectionContext, SessionMeter> meter,
    CancellationToken shutdown)
{
    public void Configure(ListenOptions listen, IReadOnlyCollection<ElectrumTransport> transports)
    {
        OfferedTransports plain = OfferedTransports.On(transports, isEncrypted: false);
        OfferedTransports encrypted = OfferedTransports.On(transports, isEncrypted: true);
        listen.Protocols = plain.Http || encrypted.Http ? HttpProtocols.Http1 : HttpProtocols.None;

        // Kestrel builds the chain from its end, so the last link is known when the first one is made.
        ConnectionDelegate? last = null;
        if (encrypted.Any)
        {
            if (plain.Any) listen.Use(next => connection => TellTlsAsync(connection, next, last!));
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = limits.TlsHandshake,
                OnConnection = _ => ValueTask.FromResult(tls!.Options),
            });
        }

        listen.Use(http => last = connection =>
            ServeAsync(connection, connection.Features.Get<ITlsHandshakeFeature>() is null ? plain : encrypted, http));
    }

    private async Task TellTlsAsync(ConnectionContext connection, ConnectionDelegate handshake, ConnectionDelegate plain)
    {
        bool? isTls = await AskAsync(connection, FirstBytes.IsTls);
        if (isTls is { } known) await (known ? handshake : plain)(connection);
    }

    private async Task ServeAsync(ConnectionContext connection, OfferedTransports offered, ConnectionDelegate http)
    {
        bool? isHttp = offered switch
        {
            { Http: false } => false,
            { Lines: false } => true,
            _ => await AskAsync(connection, FirstBytes.IsHttp),
        };
        if (isHttp is null) return;
        if (isHttp == false)
        {
            await serveLines(connection, offered.IsEncrypted ? ElectrumTransport.Tls : ElectrumTransport.Tcp);
            return;
        }

        connection.Features.Set(offered);
        connection.Features.Set(meter(connection));
        await http(connection);
    }

    /// <returns>Null when the connection said too little in the time of a handshake.</returns>
    private async Task<bool?> AskAsync(ConnectionContext connection, Func<ReadOnlySequence<byte>, bool?> question)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        patience.CancelAfter(limits.TlsHandshake);
        try
        {
            return await FirstBytes.AskAsync(connection.Transport.Input, question, patience.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
