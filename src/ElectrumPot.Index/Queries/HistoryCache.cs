// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// The histories asked for last, as the newest state has them, up to a sum of sizes. Wallets ask for the same scripts
/// again and again: each time they connect, and all of them for the same busy ones. Short histories are read as fast as
/// they are looked up, so they are kept when they are asked for again only. Safe to use from many threads.
/// </summary>
/// <remarks>
/// What is in here holds for the newest sequence number and back to the one it was read at: whatever a newer state
/// changes is dropped before that state is shown. A reader of an older state adds nothing.
/// </remarks>
/// <param name="budget">In bytes.</param>
internal sealed class HistoryCache(long budget)
{
    // Few: a history of ten thousand entries has to fit into a part of one.
    private const int Shards = 4;

    // Entry of the dictionary, nodes, array header and status.
    private const int EntryCost = 300;

    /// <summary>Entries of a history that is worth keeping at once.</summary>
    private const int Long = 16;

    private const int Traces = 1 << 14;

    // What was asked for once: a few bits of its name, at a place that others of the bits say.
    private readonly ushort[] _traces = new ushort[Traces];
    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard(budget / Shards))];
    private long _sequence;

    /// <param name="sequence">Of the state that is read.</param>
    public bool TryGet(HashX script, long sequence, [NotNullWhen(true)] out History? history)
    {
        Shard shard = ShardOf(script);
        lock (shard.Lock)
            history = shard.Recent.TryGet(script, out Entry entry) && entry.Sequence <= sequence ? entry.History : null;
        return history is not null;
    }

    /// <param name="sequence">Of the state that it was read from.</param>
    public void Add(HashX script, long sequence, History history)
    {
        long cost = EntryCost + ((long)history.Count * Unsafe.SizeOf<HistoryEntry>());
        Shard shard = ShardOf(script);
        // One huge history is not worth all the others.
        if (cost > shard.Recent.Budget / 2 || (history.Count < Long && IsFirstTime(script))) return;
        lock (shard.Lock)
        {
            // Under the lock: whoever advances comes to this shard afterwards and finds what was added too late.
            if (sequence == Volatile.Read(ref _sequence)) shard.Recent.Add(script, new Entry(sequence, history), cost);
        }
    }

    /// <summary>Before a new state is shown: forgets what it changes.</summary>
    /// <param name="sequence">Of the new state.</param>
    /// <param name="touched">As in <see cref="ChainUpdate.Touched"/>.</param>
    /// <param name="isAll">Nothing is to be kept, whatever was touched.</param>
    public void Advance(long sequence, IReadOnlySet<HashX> touched, bool isAll = false)
    {
        Volatile.Write(ref _sequence, sequence);
        if (isAll || touched.Contains(ChainUpdate.Everything))
        {
            foreach (Shard shard in _shards)
            {
                lock (shard.Lock)
                    shard.Recent.Clear();
            }

            return;
        }

        foreach (HashX script in touched)
        {
            Shard shard = ShardOf(script);
            lock (shard.Lock)
                shard.Recent.Remove(script);
        }
    }

    private bool IsFirstTime(HashX script)
    {
        uint hash = (uint)script.GetHashCode();
        ushort trace = (ushort)(hash | 1);
        ref ushort place = ref _traces[(hash >> 16) % Traces];
        if (place == trace) return false;
        place = trace;
        return true;
    }

    private Shard ShardOf(HashX script) => _shards[(uint)script.GetHashCode() % Shards];

    private sealed class Shard(long budget)
    {
        public Lock Lock { get; } = new();

        /// <summary>Under <see cref="Lock"/>.</summary>
        public RecentlyUsed<HashX, Entry> Recent { get; } = new(budget);
    }

    /// <param name="Sequence">Of the state that it was read from.</param>
    private readonly record struct Entry(long Sequence, History History);
}
