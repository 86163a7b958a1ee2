// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>The daemon's block hashes of a range of heights, asked for ahead in batches. For one reader.</summary>
internal sealed class ChainHashes(DaemonClient daemon, int firstHeight, int lastHeight, int perBatch)
{
    private readonly Queue<Hash256> _known = new();
    private Task<IReadOnlyList<Hash256>>? _more;
    private int _next = firstHeight;

    /// <summary>Hashes that have come and were not taken.</summary>
    public int Count => _known.Count;

    /// <summary>In the order of the chain.</summary>
    public IReadOnlyCollection<Hash256> Known => _known;

    public Hash256 Peek() => _known.Peek();

    public Hash256 Take() => _known.Dequeue();

    /// <summary>Takes in the hashes that have come, and asks for the next when they run low; waits for nothing.</summary>
    public void Fill(CancellationToken cancellationToken)
    {
        if (_more is { IsCompletedSuccessfully: true, Result: { Count: > 0 } hashes })
        {
            _more = null;
            foreach (Hash256 hash in hashes)
                _known.Enqueue(hash);
            _next += hashes.Count;
        }

        if (_more is null && _next <= lastHeight && _known.Count < perBatch)
            _more = AskAsync(cancellationToken);
    }

    /// <summary>Waits until at least one hash is known. Not to be called when all have been taken.</summary>
    /// <exception cref="ChainChangedException">The chain ends before.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Fill(cancellationToken);
        while (_known.Count == 0)
        {
            if ((await _more!).Count == 0)
                throw new ChainChangedException(_next, $"the daemon's chain ends before height {_next}");
            Fill(cancellationToken);
        }
    }

    /// <summary>Waits for what is still under way after cancellation; its failure concerns nobody any more.</summary>
    public async Task AbandonAsync()
    {
        if (_more is not null)
            await ((Task)_more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<IReadOnlyList<Hash256>> AskAsync(CancellationToken cancellationToken)
    {
        int first = _next;
        int count = Math.Min(perBatch, lastHeight - first + 1);
        return daemon.AskUntilAnsweredAsync(token => daemon.GetBlockHashesAsync(first, count, token), cancellationToken);
    }
}
