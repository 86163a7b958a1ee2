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
    private readonly RecentlyUsed<TKey, byte[]> _recent = new(budget);

    public bool TryGet(TKey key, [NotNullWhen(true)] out byte[]? value)
    {
        lock (_lock)
            return _recent.TryGet(key, out value);
    }

    public void Add(TKey key, byte[] value)
    {
        long cost = value.Length + EntryCost;
        if (cost > budget) return;
        lock (_lock)
        {
            if (!_recent.Contains(key)) _recent.Add(key, value, cost);
        }
    }
}
