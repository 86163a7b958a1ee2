// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using RocksDbSharp;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// Iterators of one table and snapshot, kept for the next request: making one costs more than a seek with it.
/// </summary>
internal sealed class IteratorPool(Func<Iterator> create) : IDisposable
{
    // More requests than cores do not run at once; each idle iterator pins blocks of the cache.
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount);

    private readonly ConcurrentBag<Iterator> _idle = [];

    public Lease Rent() => new(this, Take());

    /// <summary>For whoever cannot hold a lease: to be given back by <see cref="Return"/>.</summary>
    public Iterator Take() => _idle.TryTake(out Iterator? iterator) ? iterator : create();

    public void Return(Iterator iterator)
    {
        if (_idle.Count < MaxIdle)
            _idle.Add(iterator);
        else
            iterator.Dispose();
    }

    public void Dispose()
    {
        while (_idle.TryTake(out Iterator? iterator))
            iterator.Dispose();
    }

    internal readonly struct Lease(IteratorPool pool, Iterator iterator) : IDisposable
    {
        public Iterator Iterator { get; } = iterator;

        public void Dispose() => pool.Return(Iterator);
    }
}
