// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Diagnostics;
using System.Text;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>A session that watches scripts and notes when it is told of them. While it waits it holds no buffer.</summary>
internal sealed class Watcher(Stream stream, Hash256[] scripts, HashSet<Hash256> touched) : IAsyncDisposable
{
    private const int BufferSize = 4 << 10;

    private int _notified;

    /// <summary>Notifications that were expected and came.</summary>
    public int Notified => Volatile.Read(ref _notified);

    /// <summary>Time stamp.</summary>
    public long LastAt { get; private set; }

    /// <summary>What came and should not have, or why nothing comes any more.</summary>
    public string? Failure { get; private set; }

    public async Task SubscribeAsync(CancellationToken cancellation)
    {
        var subscriptions = new RequestList();
        foreach (Hash256 script in scripts)
            subscriptions.Add(new Expectation(RequestKind.Subscribe, script));
        Failure = await new Conversation(stream, Math.Max(1, scripts.Length)).AskAllAsync(subscriptions, static (_, _) => { }, cancellation);
    }

    public async Task ListenAsync(CancellationToken cancellation)
    {
        byte[]? buffer = null;
        try
        {
            int filled = 0;
            while (true)
            {
                // Nothing is rented until something is there.
                if (filled == 0) await UntilReadableAsync(cancellation);
                buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
                int received = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
                if (received == 0)
                {
                    Failure ??= "the server closed a connection";
                    return;
                }

                filled = Take(buffer, filled + received);
                if (filled > 0) continue;
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = null;
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
        catch (IOException failure)
        {
            Failure ??= failure.Message;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async ValueTask UntilReadableAsync(CancellationToken cancellation)
    {
        int none = await stream.ReadAsync(Memory<byte>.Empty, cancellation);
        Debug.Assert(none == 0, "nothing fits into nothing");
    }

    /// <returns>Bytes of a line that is not complete.</returns>
    private int Take(byte[] buffer, int filled)
    {
        int start = 0;
        int end;
        while ((end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
        {
            Count(buffer.AsSpan(start, end));
            start += end + 1;
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        return filled - start;
    }

    private void Count(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> parameters = "\"params\":[\""u8;
        int at = line.IndexOf(parameters);
        if (at < 0 || line.Length < at + parameters.Length + Hash256.HexLength
            || !Hash256.TryParse(line.Slice(at + parameters.Length, Hash256.HexLength), out Hash256 script)
            || !scripts.Contains(script) || !touched.Contains(script))
        {
            Failure ??= $"not expected: {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 300)])}";
            return;
        }

        LastAt = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _notified);
    }
}
