// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace ElectrumPot.Electrum.Transport.WebSockets;

/// <summary>Takes a session's output, cuts it at each LF and sends the pieces as text messages.</summary>
/// <remarks>
/// A message goes out in fragments as it comes, so that what waits in the pipe is what the wallet has not taken: one that
/// does not read shows as a flush that waits, and one that reads slowly as one that ends.
/// </remarks>
internal sealed class WebSocketSender(WebSocket socket)
{
    /// <summary>As much as Kestrel keeps for a TCP connection before a flush waits.</summary>
    private const int PauseBytes = 64 * 1024;

    /// <summary>A longer message is sent in fragments of this size.</summary>
    private const int MaxFrameBytes = 16 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, useSynchronizationContext: false));

    /// <summary>Takes messages, each with an LF behind it, in pieces of any size.</summary>
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
                if (buffer.IsEmpty && result.IsCompleted) return;
                _pipe.Reader.AdvanceTo(await SendFrameAsync(buffer));
            }
        }
        finally
        {
            // Whoever waits for a flush learns that nobody reads any more.
            await _pipe.Reader.CompleteAsync();
        }
    }

    /// <returns>The end of what was sent: one frame, which a message ends if it ends there.</returns>
    private async ValueTask<SequencePosition> SendFrameAsync(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length > MaxFrameBytes) buffer = buffer.Slice(0, MaxFrameBytes);
        SequencePosition? lineFeed = buffer.PositionOf((byte)'\n');
        SequencePosition end = lineFeed is { } found ? buffer.GetPosition(1, found) : buffer.End;
        ReadOnlySequence<byte> frame = lineFeed is { } last ? buffer.Slice(0, last) : buffer;
        bool isLast = lineFeed is not null;
        if (frame.IsSingleSegment)
        {
            await socket.SendAsync(frame.First, WebSocketMessageType.Text, isLast, CancellationToken.None);
            return end;
        }

        byte[] joined = ArrayPool<byte>.Shared.Rent((int)frame.Length);
        try
        {
            frame.CopyTo(joined);
            await socket.SendAsync(joined.AsMemory(0, (int)frame.Length), WebSocketMessageType.Text, isLast, CancellationToken.None);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }

        return end;
    }
}
