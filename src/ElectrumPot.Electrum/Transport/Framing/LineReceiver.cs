// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Transport.Framing;

/// <summary>TCP and TLS: one message a line (protocol, "TCP and TLS").</summary>
internal static class LineReceiver
{
    private static readonly byte[] Quit = "quit"u8.ToArray();

    /// <summary>Hands over line after line, until the wallet goes, is sent away, or the server stops.</summary>
    public static async Task ReceiveAsync(PipeReader input, RequestHandler handler)
    {
        var framer = new LineFramer(handler.Limits.MaxRequestBytes);
        while (!handler.IsClosing)
        {
            ReadResult result = await input.ReadAsync(handler.Shutdown);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (!handler.IsClosing && framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
            {
                if (IsQuit(line, handler.Session))
                {
                    handler.Close("closed-by-wallet");
                    break;
                }

                ValueTask handling = handler.HandleAsync(line);
                if (!handling.IsCompletedSuccessfully) await handling;
            }

            if (!handler.IsClosing && framer.IsTooLong)
                handler.RefuseTooLong(buffer.Length);
            else if (!buffer.IsEmpty)
                handler.MarkIncomplete();
            input.AdvanceTo(buffer.Start, buffer.End);
            await handler.FlushAsync();
            if (result.IsCompleted || result.IsCanceled) break;
        }
    }

    /// <summary>The servers of 2014 closed on this line, which is no JSON.</summary>
    private static bool IsQuit(ReadOnlySequence<byte> line, Session session)
    {
        Span<byte> text = stackalloc byte[Quit.Length + 1];
        if (!session.IsLegacy || line.Length < Quit.Length || line.Length > text.Length) return false;
        text = text[..(int)line.Length];
        line.CopyTo(text);
        return text.TrimEnd((byte)'\r').SequenceEqual(Quit);
    }
}
