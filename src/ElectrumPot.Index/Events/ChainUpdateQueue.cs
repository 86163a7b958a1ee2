// SPDX-License-Identifier: MIT

using System.Threading.Channels;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Events;

/// <summary>
/// Hands changes to the one who notifies. What happens while he is busy is merged into one update, so that a slow
/// notifier costs at most the set of scripts in memory and never holds up the index.
/// </summary>
public sealed class ChainUpdateQueue
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _available = Channel.CreateBounded<bool>(1);
    private HashSet<HashX> _touched = [];
    private bool _hasTipChanged;

    /// <summary>Everything that changed since the last call; waits until something does.</summary>
    public async ValueTask<ChainUpdate> NextAsync(CancellationToken cancellation)
    {
        await _available.Reader.ReadAsync(cancellation);
        lock (_lock)
        {
            var update = new ChainUpdate(_hasTipChanged, _touched);
            _touched = [];
            _hasTipChanged = false;
            return update;
        }
    }

    internal void Publish(bool hasTipChanged, IReadOnlySet<HashX> touched)
    {
        if (!hasTipChanged && touched.Count == 0) return;
        lock (_lock)
        {
            _touched.UnionWith(touched);
            ChainUpdate.Bound(_touched);
            _hasTipChanged |= hasTipChanged;
            // Full when an update waits already; then this one is part of it.
            _available.Writer.TryWrite(true);
        }
    }
}
