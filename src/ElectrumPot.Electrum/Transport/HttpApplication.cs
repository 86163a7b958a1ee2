// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.WebSockets;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Polling;
using ElectrumPot.Electrum.Transport.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ElectrumPot.Electrum.Transport;

/// <summary>What begins with an HTTP request: an upgrade is a WebSocket, anything else is polling.</summary>
internal sealed class HttpApplication(SessionManager sessions, PollingSessions polling, ServerContext server, CancellationToken shutdown)
{
    /// <summary>Longest name of the host, cookies of other servers on it, and what browsers and proxies add.</summary>
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>What an exchange costs, in requests: the work of HTTP, whatever is in it.</summary>
    private const int RequestsPerExchange = 5;

    private const int MaxHeaders = 64;
    private const int MaxRequestLine = 4 * 1024;

    /// <summary>A polling wallet comes back after 15 s at the latest and finds its connection still open.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    private readonly SessionLimits _limits = server.Options.Limits;
    private readonly PollingEndpoint _polling = new(polling, server);

    public static void Limit(KestrelServerOptions kestrel, SessionLimits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
        kestrel.Limits.MaxRequestBodySize = limits.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.TlsHandshake;
        kestrel.Limits.KeepAliveTimeout = KeepAlive;
    }

    public void AddTo(IApplicationBuilder app)
    {
        // Every origin is allowed. A browser adds no secret of its user to a request here, so a page of somebody else
        // learns nothing that it could not ask from any other machine; and wallets in the web live on many sites.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = _limits.WebSocketPing, KeepAliveTimeout = _limits.WebSocketPong });
        app.Run(ServeAsync);
    }

    private async Task ServeAsync(HttpContext context)
    {
        OfferedTransports offered = context.Features.Get<OfferedTransports>()!;
        try
        {
            if (context.WebSockets.IsWebSocketRequest && offered.WebSocket)
                await ServeWebSocketAsync(context, offered);
            else if (!await TryPayAsync(context))
                await RefuseExcessAsync(context);
            else if (offered.Polling)
                await _polling.ServeAsync(context, offered.IsEncrypted ? ElectrumTransport.HttpTls : ElectrumTransport.Http, RemoteEndPoint(context));
            else
                await RefuseAsync(context);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The wallet is gone.
        }
    }

    /// <summary>Waits for as long as the connection is slowed.</summary>
    /// <returns>False when it took so much that it has to go.</returns>
    private async ValueTask<bool> TryPayAsync(HttpContext context)
    {
        SessionMeter meter = context.Features.Get<SessionMeter>()!;
        meter.AddRequests(RequestsPerExchange);
        Settlement settlement = meter.Settle();
        if (settlement.Close) return false;
        if (settlement.Pause == TimeSpan.Zero) return true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(shutdown, context.RequestAborted);
        await Task.Delay(settlement.Pause, server.Time, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private static Task RefuseExcessAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.Connection = "close";
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("Error: excessive resource usage", context.RequestAborted);
    }

    private async Task ServeWebSocketAsync(HttpContext context, OfferedTransports offered)
    {
        // Slow readers are found by the sessions' own rule, the same for all transports.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        // No compression: it would keep some 300 kB for each wallet, and the length of compressed replies tells a
        // listener of a wss connection what they contain.
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var connection = new WebSocketConnection(socket, context.Abort, _limits, shutdown);
        await connection.RunAsync(sessions, offered.IsEncrypted ? ElectrumTransport.WebSocketTls : ElectrumTransport.WebSocket, RemoteEndPoint(context), context.Features.Get<AdmissionTicket>());
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketVersion = "13";
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("This port speaks WebSocket only.\n", context.RequestAborted);
    }

    private IPEndPoint? RemoteEndPoint(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? ForwardedFor.FindClient(new IPEndPoint(address, context.Connection.RemotePort), context.Request.Headers["X-Forwarded-For"], server.Options.Admission.TrustedProxies)
        : null;
}
