// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace ElectrumPot.Index.Queries;

/// <summary>Keeps the byte arrays used last, up to a sum of sizes. Safe to use from many threads.</summary>
internal sealed class ByteBudgetCache<TKey>(long budget)
    where TKey : notnull
{
    // Dictionary entry, list node and array header.
    private const int EntryCost = 160;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, byte[] Value)>> _entries = [];
    private readonly LinkedList<(TKey Key, byte[] Value)> _recent = new();
    private long _used;

    public bool TryGet(TKey key, [NotNullWhen(true)] out byte[]? value)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<(TKey Key, byte[] Value)>? node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                value = node.Value.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public void Add(TKey key, byte[] value)
    {
        if (value.Length + EntryCost > budget) return;
        lock (_lock)
        {
            if (_entries.ContainsKey(key)) return;
            _entries.Add(key, _recent.AddFirst((key, value)));
            _used += value.Length + EntryCost;
            while (_used > budget && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _used -= oldest.Value.Value.Length + EntryCost;
            }
        }
    }
}
