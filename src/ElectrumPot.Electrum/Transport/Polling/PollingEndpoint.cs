// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Transport.Framing;
using ElectrumPot.Electrum.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>The polling of 2014: POST hands in requests, POST and GET bring what is there (protocol, "HTTP polling transport").</summary>
internal sealed class PollingEndpoint(PollingSessions sessions, SessionLimits limits)
{
    private const string ContentType = "application/json-rpc";
    private const string Methods = "GET, POST, OPTIONS";
    private const string CookieName = "SESSION=";

    public async Task ServeAsync(HttpContext context, ElectrumTransport transport, IPEndPoint? remote)
    {
        HttpRequest request = context.Request;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (request.Path.Value is not ("/" or "/RPC2"))
            await SayAsync(context, StatusCodes.Status404NotFound, "Error: not found");
        else if (HttpMethods.IsGet(request.Method))
            await ExchangeAsync(context, transport, remote, body: null);
        else if (HttpMethods.IsPost(request.Method))
            await PostAsync(context, transport, remote);
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

    private async Task PostAsync(HttpContext context, ElectrumTransport transport, IPEndPoint? remote)
    {
        var body = new MessageBuffer(limits.MaxRequestBytes);
        try
        {
            int read;
            do
            {
                read = await context.Request.Body.ReadAsync(body.GetMemory(), context.RequestAborted);
                body.Advance(read);
            }
            while (read > 0);
            await ExchangeAsync(context, transport, remote, body);
        }
        catch (BadHttpRequestException refused)
        {
            // Too long, too slow, or cut short.
            context.Response.StatusCode = refused.StatusCode;
            bool isTooLong = refused.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await FaultAsync(context, isTooLong ? RpcError.RequestTooLarge(limits.MaxRequestBytes) : RpcError.NotJson);
        }
        finally
        {
            body.Release();
        }
    }

    /// <param name="body">Null for a GET.</param>
    private async Task ExchangeAsync(HttpContext context, ElectrumTransport transport, IPEndPoint? remote, MessageBuffer? body)
    {
        using ReplyWriter lines = ReplyWriter.Rent(int.MaxValue);
        using var reply = new PollingReply();
        int awaited = 0;
        if (body is not null && PollingBody.Read(body.Written.Span, lines, reply, out awaited) is { } error)
        {
            await FaultAsync(context, error);
            return;
        }

        string? id = SessionId(context.Request.Headers.Cookie);
        PollingSession? session = id is null ? sessions.Open(transport, remote) : sessions.Find(id, transport);
        if (session is null)
        {
            await (id is null ? SayAsync(context, StatusCodes.Status503ServiceUnavailable, "Error: too many sessions") : SayNotFoundAsync(context));
            return;
        }

        if (!session.TryQueue(lines.Written) || !await session.TakeAsync(reply, awaited, context.RequestAborted))
        {
            sessions.Remove(session, "ended");
            await SayNotFoundAsync(context);
            return;
        }

        // The wallet of 2014 reads its cookie with a library that knows the attributes.
        context.Response.Headers.SetCookie = transport.IsEncrypted ? $"{CookieName}{session.Id}; Secure; HttpOnly" : $"{CookieName}{session.Id}";
        context.Response.ContentType = ContentType;
        await reply.WriteAsync(context.Response, context.RequestAborted);
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

    private static async Task FaultAsync(HttpContext context, RpcError error)
    {
        using var fault = new PollingReply();
        fault.Add(error, []);
        context.Response.ContentType = ContentType;
        await fault.WriteAsync(context.Response, context.RequestAborted);
    }

    /// <summary>Bare text with status 200, as in 2014.</summary>
    private static Task SayNotFoundAsync(HttpContext context) => SayAsync(context, StatusCodes.Status200OK, "Error: session not found");

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == StatusCodes.Status200OK ? ContentType : "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
