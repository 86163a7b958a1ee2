// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
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
            ref object? watchers = ref CollectionsMarshal.GetValueRefOrAddDefault(shard.Watchers, name, out _);
            if (watchers is null) watchers = watcher;
            else if (watchers is List<IWatcher> list) list.Add(watcher);
            else watchers = new List<IWatcher> { (IWatcher)watchers, watcher };
        }

        Interlocked.Increment(ref _count);
    }

    public void Remove(HashX name, IWatcher watcher)
    {
        Shard shard = ShardOf(name);
        lock (shard.Gate)
        {
            if (!shard.Watchers.TryGetValue(name, out object? watchers)) return;
            if (watchers is List<IWatcher> list)
            {
                int at = list.IndexOf(watcher);
                if (at < 0) return;
                list[at] = list[^1];
                list.RemoveAt(list.Count - 1);
                if (list.Count == 1) shard.Watchers[name] = list[0];
            }
            else
            {
                if (!ReferenceEquals(watchers, watcher)) return;
                shard.Watchers.Remove(name);
            }
        }

        Interlocked.Decrement(ref _count);
    }

    /// <summary>Adds those who watch a name to a set.</summary>
    public void Collect(HashX name, ISet<IWatcher> into)
    {
        Shard shard = ShardOf(name);
        lock (shard.Gate)
        {
            if (shard.Watchers.TryGetValue(name, out object? watchers)) AddTo(into, watchers);
        }
    }

    /// <summary>Adds everybody who watches anything to a set.</summary>
    public void CollectAll(ISet<IWatcher> into)
    {
        foreach (Shard shard in _shards)
        {
            lock (shard.Gate)
            {
                foreach (object watchers in shard.Watchers.Values)
                    AddTo(into, watchers);
            }
        }
    }

    private static void AddTo(ISet<IWatcher> into, object watchers)
    {
        if (watchers is List<IWatcher> list) into.UnionWith(list);
        else into.Add((IWatcher)watchers);
    }

    private Shard ShardOf(HashX name) => _shards[(int)(name.Low % ShardCount)];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        /// <summary>A watcher, or a list of two and more: nearly all scripts have one, and there may be millions.</summary>
        public Dictionary<HashX, object> Watchers { get; } = [];
    }
}
