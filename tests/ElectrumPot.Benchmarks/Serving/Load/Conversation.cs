// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>What is done with the reply to a request of a list.</summary>
internal delegate void OnReply(int request, ReplyLine reply);

/// <summary>One connection that asks a list of requests once, from the first to the last, with so many under way.</summary>
internal sealed class Conversation(Stream stream, int depth)
{
    private readonly int[] _request = new int[depth];
    private readonly byte[] _output = new byte[depth * RequestList.MaxLength];
    private readonly LineInput _input = new();

    /// <returns>The first reply that is no result; null when all are.</returns>
    public async Task<string?> AskAllAsync(RequestList requests, OnReply onReply, CancellationToken cancellation)
    {
        string? failure = null;
        int next = 0;
        int pending = 0;
        int written = 0;
        for (int slot = 0; slot < depth && next < requests.Count; slot++)
            Ask(slot);
        while (pending > 0)
        {
            if (written > 0) await stream.WriteAsync(_output.AsMemory(0, written), cancellation);
            written = 0;
            int received = await stream.ReadAsync(_input.Free(), cancellation);
            if (received == 0) return "the server closed the connection";
            _input.Added(received);
            while (_input.TryTake(out ReadOnlySpan<byte> line))
                Take(ReplyLine.Read(line));
        }

        return failure;

        void Take(ReplyLine reply)
        {
            int slot = reply.Id - RequestList.FirstId;
            if (reply.IsNotification) return;
            if ((uint)slot >= (uint)depth || reply.Result.IsEmpty)
                failure ??= System.Text.Encoding.UTF8.GetString(reply.Line[..Math.Min(reply.Line.Length, 300)]);
            else
                onReply(_request[slot], reply);
            pending--;
            if ((uint)slot < (uint)depth && next < requests.Count) Ask(slot);
        }

        void Ask(int slot)
        {
            _request[slot] = next;
            written += requests.Write(next++, RequestList.FirstId + slot, _output.AsSpan(written));
            pending++;
        }
    }
}
