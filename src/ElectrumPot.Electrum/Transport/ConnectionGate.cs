// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Net;
using ElectrumPot.Electrum.Limits;
using Microsoft.AspNetCore.Connections;

namespace ElectrumPot.Electrum.Transport;

/// <summary>
/// The first thing a connection meets, before TLS: asks a trusted proxy for the client's address, and lets nobody in
/// who would be too many.
/// </summary>
/// <param name="isHttp">A trusted proxy may do without the PROXY protocol here and name the client in a header of each request.</param>
internal sealed class ConnectionGate(ConnectionDelegate next, Admission admission, LimitLog log, TimeSpan headerTimeout, TimeProvider time, bool isHttp)
{
    public async Task ServeAsync(ConnectionContext connection)
    {
        IPEndPoint peer = Unmapped(connection.RemoteEndPoint);
        if (!admission.Limits.TrustedProxies.Contains(peer.Address))
        {
            await AdmitAsync(connection, peer, isProxy: false, isSession: true);
            return;
        }

        (ProxyHeaderStatus status, IPEndPoint? client) = await ReadHeaderAsync(connection.Transport.Input);
        switch (status)
        {
            case ProxyHeaderStatus.Incomplete:
                // A proxy that only tries whether the port is open.
                break;
            case ProxyHeaderStatus.Complete when client is not null:
                connection.RemoteEndPoint = client = Unmapped(client);
                await AdmitAsync(connection, client, isProxy: false, isSession: true);
                break;
            case ProxyHeaderStatus.Complete:
                await AdmitAsync(connection, peer, isProxy: true, isSession: true);
                break;
            case ProxyHeaderStatus.Absent when isHttp:
                // Whom its requests come from is only known with each of them.
                await AdmitAsync(connection, peer, isProxy: true, isSession: false);
                break;
            default:
                log.Exceeded(Limit.ProxyHeader, peer, 0, 1, LimitAction.Refused);
                connection.Abort(new ConnectionAbortedException("no PROXY header"));
                break;
        }
    }

    private async Task AdmitAsync(ConnectionContext connection, IPEndPoint peer, bool isProxy, bool isSession)
    {
        using AdmissionTicket? ticket = admission.TryAdmit(peer, isProxy);
        if (ticket is null)
        {
            connection.Abort(new ConnectionAbortedException("too many sessions"));
            return;
        }

        if (isSession) connection.Features.Set(ticket);
        await next(connection);
    }

    /// <returns>Incomplete when the connection ended without a byte.</returns>
    private async Task<(ProxyHeaderStatus Status, IPEndPoint? Client)> ReadHeaderAsync(PipeReader input)
    {
        using var patience = new CancellationTokenSource(headerTimeout, time);
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(patience.Token);
                ProxyHeaderStatus status = ProxyHeader.Read(result.Buffer, out SequencePosition end, out IPEndPoint? client);
                bool isEmpty = result.Buffer.IsEmpty;
                if (status != ProxyHeaderStatus.Incomplete)
                {
                    input.AdvanceTo(end);
                    return (status, client);
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCompleted) return (isEmpty ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.Malformed, null);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            return (ProxyHeaderStatus.Malformed, null);
        }
    }

    private static IPEndPoint Unmapped(EndPoint? endPoint) =>
        endPoint is IPEndPoint ip ? new IPEndPoint(ip.Address.Unmapped, ip.Port) : new IPEndPoint(IPAddress.None, 0);
}
