// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>One connection that always has the same number of requests under way: each reply is followed by the next request.</summary>
internal sealed class ClosedLoop(Stream stream, RequestList requests, int depth, int first, LoadWindow window)
{
    private readonly long[] _asked = new long[depth];
    private readonly int[] _request = new int[depth];
    private readonly byte[] _output = new byte[depth * RequestList.MaxLength];
    private readonly LineInput _input = new();
    private int _pending;
    private int _written;
    private int _next = first % requests.Count;

    public LoadTally Tally { get; } = new(window);

    /// <summary>Runs until the window has closed and the last reply is there.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            long now = Stopwatch.GetTimestamp();
            for (int slot = 0; slot < depth; slot++)
                Ask(slot, now);
            while (_pending > 0)
            {
                if (_written > 0)
                {
                    await stream.WriteAsync(_output.AsMemory(0, _written), cancellation);
                    _written = 0;
                }

                int received = await stream.ReadAsync(_input.Free(), cancellation);
                if (received == 0) throw new IOException("the server closed the connection");
                _input.Added(received);
                Take();
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            Tally.CountError(failure.Message);
        }
    }

    private void Take()
    {
        long now = Stopwatch.GetTimestamp();
        while (_input.TryTake(out ReadOnlySpan<byte> line))
        {
            ReplyLine reply = ReplyLine.Read(line);
            int slot = reply.Id - RequestList.FirstId;
            if ((uint)slot >= (uint)depth)
            {
                // A new block or a changed status, which scenarios with blocks bring.
                if (!reply.IsNotification) Tally.CountError(System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 300)]));
                continue;
            }

            Tally.Count(reply, requests.Expected(_request[slot]), _asked[slot], now);
            _pending--;
            if (now < window.To) Ask(slot, now);
        }
    }

    private void Ask(int slot, long now)
    {
        _asked[slot] = now;
        _request[slot] = _next;
        _written += requests.Write(_next, RequestList.FirstId + slot, _output.AsSpan(_written));
        _next = _next + 1 == requests.Count ? 0 : _next + 1;
        _pending++;
    }
}
