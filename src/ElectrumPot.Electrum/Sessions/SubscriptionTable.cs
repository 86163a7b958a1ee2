// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Who wants to hear of a script. Divided, so that subscribing sessions seldom meet at one lock.</summary>
internal sealed class SubscriptionTable
{
    private const int ShardCount = 64;

    private readonly Shard[] _shards = Enumerable.Range(0, ShardCount).Select(_ => new Shard()).ToArray();
    private int _count;

    /// <summary>Pairs of script and subscriber; an address with several scripts counts once for each.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(HashX script, ScriptSubscription subscription)
    {
        Shard shard = ShardOf(script);
        lock (shard.Gate)
        {
            if (!shard.Subscribers.TryGetValue(script, out List<ScriptSubscription>? list))
                shard.Subscribers[script] = list = new List<ScriptSubscription>(1);
            list.Add(subscription);
        }

        Interlocked.Increment(ref _count);
    }

    public void Remove(HashX script, ScriptSubscription subscription)
    {
        Shard shard = ShardOf(script);
        lock (shard.Gate)
        {
            if (!shard.Subscribers.TryGetValue(script, out List<ScriptSubscription>? list)) return;
            int at = list.IndexOf(subscription);
            if (at < 0) return;
            list[at] = list[^1];
            list.RemoveAt(list.Count - 1);
            if (list.Count == 0) shard.Subscribers.Remove(script);
        }

        Interlocked.Decrement(ref _count);
    }

    /// <summary>Adds the subscribers of a script to a set.</summary>
    public void Collect(HashX script, ISet<ScriptSubscription> into)
    {
        Shard shard = ShardOf(script);
        lock (shard.Gate)
        {
            if (!shard.Subscribers.TryGetValue(script, out List<ScriptSubscription>? list)) return;
            foreach (ScriptSubscription subscription in list)
                into.Add(subscription);
        }
    }

    private Shard ShardOf(HashX script) => _shards[(int)(script.Low % ShardCount)];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<HashX, List<ScriptSubscription>> Subscribers { get; } = [];
    }
}
