// SPDX-License-Identifier: MIT

using ElectrumPot.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ElectrumPot.Server.Admin;

/// <summary>
/// <c>POST /snapshot</c>: the archive itself is the answer, so that whoever asks writes it, with the rights of his own. The
/// server of a machine with many users must not be made to write where they may not.
/// </summary>
internal sealed class SnapshotEndpoint(SnapshotProducer producer)
{
    /// <summary>A reader that has stopped for good must not keep the files of an old state for ever.</summary>
    private static readonly MinDataRate LeastRate = new(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromMinutes(5));

    public SnapshotReport Report => producer.Report;

    /// <summary>Breaks off an answer under way, so that the port can be closed.</summary>
    public void Stop() => producer.Stop();

    public async Task SendAsync(HttpContext context)
    {
        SnapshotProducer.Turn turn;
        try
        {
            turn = await producer.BeginAsync();
        }
        catch (IndexException refused)
        {
            await AdminServer.RefuseAsync(context, StatusCodes.Status409Conflict, refused.Message);
            return;
        }

        using (turn)
        // A reader that stands still would hold up the write, and with it the end of the server.
        using (producer.Stopped.Register(context.Abort))
        {
            HttpResponse response = context.Response;
            response.ContentType = "application/x-tar";
            response.ContentLength = turn.Archive.Length;
            response.Headers.ContentDisposition = $"attachment; filename=\"{turn.Archive.FileName}\"";
            response.Headers.CacheControl = "no-store";
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = LeastRate;
            try
            {
                // The length goes out at once: who has no room for it need not wait for the first byte.
                await response.StartAsync(context.RequestAborted);
                await turn.WriteAsync(response.BodyWriter.AsStream(leaveOpen: true), context.RequestAborted);
            }
            catch (Exception)
            {
                // The producer keeps the reason; a status cannot be sent any more, only an end that nobody takes for the whole.
                context.Abort();
            }
        }
    }
}
