// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Transport.Framing;
using ElectrumPot.Electrum.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>The polling of 2014: POST hands in requests, POST and GET bring what is there (protocol, "HTTP polling transport").</summary>
internal sealed class PollingEndpoint(PollingSessions sessions, ServerContext server)
{
    private const string ContentType = "application/json-rpc";
    private const string Methods = "GET, POST, OPTIONS";
    private const string CookieName = "SESSION=";

    /// <summary>Bare text with status 200, as in 2014.</summary>
    private static readonly Refusal SessionNotFound = new(StatusCodes.Status200OK, "Error: session not found");

    private static readonly Refusal TooManySessions = new(StatusCodes.Status503ServiceUnavailable, "Error: too many sessions");
    private static readonly Refusal PathNotFound = new(StatusCodes.Status404NotFound, "Error: not found");
    private static readonly RpcError TooSlow = new(RpcError.InvalidRequestCode, "the request took too long");

    private readonly SessionLimits _limits = server.Options.Limits;

    public async Task ServeAsync(HttpContext context, ElectrumTransport transport, IPEndPoint? remote)
    {
        HttpRequest request = context.Request;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (request.Path.Value is not ("/" or "/RPC2"))
            await RefuseAsync(context, PathNotFound);
        else if (HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method))
            await ExchangeAsync(new HttpExchange(context, transport, remote, server));
        else
            Allow(context.Response, HttpMethods.IsOptions(request.Method) ? StatusCodes.Status200OK : StatusCodes.Status405MethodNotAllowed);
    }

    private static void Allow(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.Headers.Allow = Methods;
        response.Headers.AccessControlAllowMethods = Methods;
        response.Headers.AccessControlAllowHeaders = "*";
        response.ContentLength = 0;
    }

    private async Task ExchangeAsync(HttpExchange exchange)
    {
        using var reply = new PollingReply();
        Received received = HttpMethods.IsPost(exchange.Request.Method) ? await ReceiveAsync(exchange, reply) : Enter(exchange);
        if (received.Session is not { } session)
        {
            await (received.Fault is { } fault ? FaultAsync(exchange, fault) : RefuseAsync(exchange.Context, received.Refusal));
            return;
        }

        if (!await session.TakeAsync(reply, received.Awaited, exchange.Context.RequestAborted))
        {
            sessions.Remove(session, "ended");
            await RefuseAsync(exchange.Context, SessionNotFound);
            return;
        }

        // The wallet of 2014 reads its cookie with a library that knows the attributes.
        exchange.Response.Headers.SetCookie = exchange.Transport.IsEncrypted ? $"{CookieName}{session.Id}; Secure; HttpOnly" : $"{CookieName}{session.Id}";
        exchange.Response.ContentType = ContentType;
        await exchange.WriteAsync(reply, session.MarkSeen);
    }

    /// <summary>The body is needed no longer than this takes.</summary>
    private async Task<Received> ReceiveAsync(HttpExchange exchange, PollingReply faults)
    {
        var body = new MessageBuffer(_limits.MaxRequestBytes);
        try
        {
            if (await exchange.TryReadAsync(body))
            {
                Received received = Queue(exchange, body.Written.Span, faults);
                // The session pays for what it handles; the rest costs as much.
                exchange.Meter.AddBytes((received.Session is null ? body.Written.Length : 0) + (faults.Count > 0 ? faults.Length : 0));
                return received;
            }

            exchange.Response.StatusCode = StatusCodes.Status408RequestTimeout;
            exchange.Response.Headers.Connection = "close";
            return new Received(Fault: TooSlow);
        }
        catch (BadHttpRequestException refused)
        {
            // Too long, too slow, or cut short.
            exchange.Response.StatusCode = refused.StatusCode;
            bool isTooLong = refused.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return new Received(Fault: isTooLong ? RpcError.RequestTooLarge(_limits.MaxRequestBytes) : RpcError.NotJson);
        }
        finally
        {
            body.Release();
        }
    }

    private Received Queue(HttpExchange exchange, ReadOnlySpan<byte> body, PollingReply faults)
    {
        // Who has no session gets one for a body that can be read, and no work is done for a session that is gone.
        bool isNew = SessionId(exchange.Request.Headers.Cookie) is null;
        Received received = isNew ? default : Enter(exchange);
        if (!isNew && received.Session is null) return received;
        using ReplyWriter lines = ReplyWriter.Rent(int.MaxValue);
        if (PollingBody.Read(body, lines, faults, _limits.MaxBatch, out int awaited) is { } error) return new Received(Fault: error);
        if (isNew) received = Enter(exchange);
        if (received.Session is not { } session || session.TryQueue(lines.Written)) return received with { Awaited = awaited };
        sessions.Remove(session, "ended");
        return new Received(Refusal: SessionNotFound);
    }

    private Received Enter(HttpExchange exchange)
    {
        string? id = SessionId(exchange.Request.Headers.Cookie);
        return id is null
            ? new Received(sessions.Open(exchange.Transport, exchange.Remote), Refusal: TooManySessions)
            : new Received(sessions.Find(id, exchange.Transport), Refusal: SessionNotFound);
    }

    /// <summary>The server of 2014 wanted the cookie at the beginning and took all that followed for its value.</summary>
    private static string? SessionId(StringValues cookies)
    {
        foreach (string? header in cookies)
        {
            foreach (Range part in header.AsSpan().Split(';'))
            {
                ReadOnlySpan<char> cookie = header.AsSpan(part).Trim();
                if (cookie.StartsWith(CookieName, StringComparison.Ordinal)) return cookie[CookieName.Length..].ToString();
            }
        }

        return null;
    }

    private static async Task FaultAsync(HttpExchange exchange, RpcError error)
    {
        using var fault = new PollingReply();
        fault.Add(error, []);
        exchange.Response.ContentType = ContentType;
        await exchange.WriteAsync(fault);
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = refusal.Status == StatusCodes.Status200OK ? ContentType : "text/plain";
        context.Response.ContentLength = refusal.Text.Length;
        return context.Response.WriteAsync(refusal.Text, context.RequestAborted);
    }

    private readonly record struct Refusal(int Status, string Text);

    /// <param name="Session">Null when the exchange ends with the fault or, where there is none, with the refusal.</param>
    private readonly record struct Received(PollingSession? Session = null, int Awaited = 0, RpcError? Fault = null, Refusal Refusal = default);
}
