// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Who wants to hear of a script, transaction or output, by the names that an update has for them. Divided, so that subscribing
/// sessions seldom meet at one lock.
/// </summary>
internal sealed class SubscriptionTable
{
    private const int ShardCount = 64;

    private readonly Shard[] _shards = Enumerable.Range(0, ShardCount).Select(_ => new Shard()).ToArray();
    private int _count;

    /// <summary>Pairs of name and watcher; an address with several scripts counts once for each, an output twice.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(HashX name, IWatcher watcher)
    {
        Shard shard = ShardOf(name);
        lock (shard.Gate)
        {
            if (!shard.Watchers.TryGetValue(name, out List<IWatcher>? list))
                shard.Watchers[name] = list = new List<IWatcher>(1);
            list.Add(watcher);
        }

        Interlocked.Increment(ref _count);
    }

    public void Remove(HashX name, IWatcher watcher)
    {
        Shard shard = ShardOf(name);
        lock (shard.Gate)
        {
            if (!shard.Watchers.TryGetValue(name, out List<IWatcher>? list)) return;
            int at = list.IndexOf(watcher);
            if (at < 0) return;
            list[at] = list[^1];
            list.RemoveAt(list.Count - 1);
            if (list.Count == 0) shard.Watchers.Remove(name);
        }

        Interlocked.Decrement(ref _count);
    }

    /// <summary>Adds those who watch a name to a set.</summary>
    public void Collect(HashX name, ISet<IWatcher> into)
    {
        Shard shard = ShardOf(name);
        lock (shard.Gate)
        {
            if (!shard.Watchers.TryGetValue(name, out List<IWatcher>? list)) return;
            foreach (IWatcher watcher in list)
                into.Add(watcher);
        }
    }

    /// <summary>Adds everybody who watches anything to a set.</summary>
    public void CollectAll(ISet<IWatcher> into)
    {
        foreach (Shard shard in _shards)
        {
            lock (shard.Gate)
            {
                foreach (List<IWatcher> list in shard.Watchers.Values)
                {
                    foreach (IWatcher watcher in list)
                        into.Add(watcher);
                }
            }
        }
    }

    private Shard ShardOf(HashX name) => _shards[(int)(name.Low % ShardCount)];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<HashX, List<IWatcher>> Watchers { get; } = [];
    }
}
