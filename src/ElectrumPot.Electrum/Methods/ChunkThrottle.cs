// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// Slows the two endless loops of Electrum-POT 1.9.8.1 down (protocol, "Behaviour a server has to survive"): it asks
/// again at once for a chunk that came empty, and goes back and forth between two chunks it cannot verify. A wallet
/// that makes progress never waits.
/// </summary>
internal sealed class ChunkThrottle(TimeProvider time)
{
    private const int Remembered = 4;

    /// <summary>A chunk may be wanted twice: once again after a reorganisation, say.</summary>
    private const int FreeRepeats = 1;

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Entry[] _recent = new Entry[Remembered];
    private int _next;

    /// <summary>How long the reply should wait.</summary>
    /// <param name="isEmpty">The chunk lies beyond the tip.</param>
    public TimeSpan Next(int chunk, bool isEmpty)
    {
        for (int i = 0; i < Remembered; i++)
        {
            ref Entry entry = ref _recent[i];
            if (entry.Count == 0 || entry.Chunk != chunk) continue;
            if (time.GetElapsedTime(entry.LastAt) > Memory) entry.Count = 0;
            entry.Count++;
            entry.LastAt = time.GetTimestamp();
            return entry.Count > (isEmpty ? 1 : 1 + FreeRepeats) ? Delay : TimeSpan.Zero;
        }

        _recent[_next] = new Entry { Chunk = chunk, Count = 1, LastAt = time.GetTimestamp() };
        _next = (_next + 1) % Remembered;
        return TimeSpan.Zero;
    }

    private struct Entry
    {
        public int Chunk;
        public int Count;
        public long LastAt;
    }
}
