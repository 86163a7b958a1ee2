// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace ElectrumPot.Index.Queries;

/// <summary>Keeps what was used last, up to a sum of costs; the longest unused goes first. For one thread at a time.</summary>
/// <param name="budget">In the unit of the costs.</param>
internal sealed class RecentlyUsed<TKey, TValue>(long budget)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = new();
    private long _used;

    public long Budget => budget;

    public bool Contains(TKey key) => _entries.ContainsKey(key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            value = default;
            return false;
        }

        if (!ReferenceEquals(_recent.First, node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
        }

        value = node.Value.Value;
        return true;
    }

    /// <summary>Takes the place of what the key had before.</summary>
    public void Add(TKey key, TValue value, long cost)
    {
        Remove(key);
        _entries.Add(key, _recent.AddFirst(new Entry(key, value, cost)));
        _used += cost;
        while (_used > budget && _recent.Last is { } oldest) Remove(oldest.Value.Key);
    }

    public void Remove(TKey key)
    {
        if (!_entries.Remove(key, out LinkedListNode<Entry>? node)) return;
        _recent.Remove(node);
        _used -= node.Value.Cost;
    }

    public void Clear()
    {
        _entries.Clear();
        _recent.Clear();
        _used = 0;
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Cost);
}
