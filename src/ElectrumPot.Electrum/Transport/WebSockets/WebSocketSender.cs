// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace ElectrumPot.Electrum.Transport.WebSockets;

/// <summary>Takes a session's output, cuts it at each LF and sends the pieces as text messages.</summary>
/// <remarks>Output waits in the pipe until the wallet has taken what came before, so a wallet that does not read shows as a flush that waits.</remarks>
internal sealed class WebSocketSender(WebSocket socket)
{
    /// <summary>As much as Kestrel keeps for a TCP connection before a flush waits.</summary>
    private const int PauseBytes = 64 * 1024;

    /// <summary>A longer message is sent in fragments of this size.</summary>
    private const int MaxFrameBytes = 64 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, useSynchronizationContext: false));

    /// <summary>Takes complete messages, each with an LF behind it.</summary>
    public PipeWriter Output => _pipe.Writer;

    /// <summary>Sends until <see cref="Output"/> is complete or the connection fails.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                ReadResult result = await _pipe.Reader.ReadAsync();
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (buffer.PositionOf((byte)'\n') is { } end)
                {
                    await SendAsync(buffer.Slice(0, end));
                    _pipe.Reader.AdvanceTo(buffer.GetPosition(1, end));
                    continue;
                }

                _pipe.Reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) return;
            }
        }
        finally
        {
            // Whoever waits for a flush learns that nobody reads any more.
            await _pipe.Reader.CompleteAsync();
        }
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
        {
            await socket.SendAsync(message.First, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            return;
        }

        byte[] frame = ArrayPool<byte>.Shared.Rent((int)Math.Min(message.Length, MaxFrameBytes));
        try
        {
            while (!message.IsEmpty)
            {
                int length = (int)Math.Min(message.Length, MaxFrameBytes);
                message.Slice(0, length).CopyTo(frame);
                message = message.Slice(length);
                await socket.SendAsync(frame.AsMemory(0, length), WebSocketMessageType.Text, endOfMessage: message.IsEmpty, CancellationToken.None);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }
}
