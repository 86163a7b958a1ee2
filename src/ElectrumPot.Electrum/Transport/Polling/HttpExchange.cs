// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Transport.Framing;
using Microsoft.AspNetCore.Http;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>A request and its answer: takes the body of the one and sends that of the other, each in the time that the limits give.</summary>
/// <param name="remote">Null when the transport does not know.</param>
internal sealed class HttpExchange(HttpContext context, ElectrumTransport transport, IPEndPoint? remote, ServerContext server)
{
    /// <summary>What has to be taken in the time for slow readers.</summary>
    private const int PieceBytes = 64 * 1024;

    private readonly SessionLimits _limits = server.Options.Limits;

    public HttpContext Context => context;

    public HttpRequest Request => context.Request;

    public HttpResponse Response => context.Response;

    public ElectrumTransport Transport => transport;

    public IPEndPoint? Remote => remote;

    /// <summary>Of the connection.</summary>
    public SessionMeter Meter => context.Features.Get<SessionMeter>()!;

    /// <returns>False when it took too long.</returns>
    /// <exception cref="BadHttpRequestException">It is too long, much too slow, or cut short.</exception>
    public async Task<bool> TryReadAsync(MessageBuffer body)
    {
        // Kestrel cannot go on with a body whose reading was cancelled by a token.
        PipeReader input = context.Request.BodyReader;
        await using ITimer timer = After(_limits.Request, () =>
        {
            if (IsOver(Limit.Request, _limits.Request)) input.CancelPendingRead();
        });
        while (true)
        {
            ReadResult result = await input.ReadAsync(context.RequestAborted);
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                body.Add(piece.Span);
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled) return result.IsCompleted;
        }
    }

    /// <param name="reply">Is complete afterwards.</param>
    /// <param name="progressed">Called whenever some of it was taken.</param>
    public async Task WriteAsync(PollingReply reply, Action? progressed = null)
    {
        reply.Complete();
        int length = reply.Text.Length;
        context.Response.ContentLength = length;
        int sent = 0;
        do
        {
            int piece = Math.Min(length - sent, PieceBytes);
            context.Response.BodyWriter.Write(reply.Text.Slice(sent, piece));
            sent += piece;
            await FlushAsync(context.Response.BodyWriter);
            progressed?.Invoke();
        }
        while (sent < length);
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        ValueTask<FlushResult> flushing = output.FlushAsync(context.RequestAborted);
        if (flushing.IsCompletedSuccessfully)
        {
            _ = flushing.Result;
            return;
        }

        await using ITimer timer = After(_limits.SlowReader, () =>
        {
            if (IsOver(Limit.SlowReader, _limits.SlowReader)) context.Abort();
        });
        await flushing;
        context.RequestAborted.ThrowIfCancellationRequested();
    }

    private ITimer After(TimeSpan delay, Action act) => server.Time.CreateTimer(_ => act(), state: null, delay, Timeout.InfiniteTimeSpan);

    /// <returns>Whether to act upon it.</returns>
    private bool IsOver(Limit limit, TimeSpan allowed) =>
        server.Limits.Exceeded(limit, remote ?? new IPEndPoint(IPAddress.None, 0), (long)allowed.TotalSeconds, (long)allowed.TotalSeconds, LimitAction.Closed);
}
