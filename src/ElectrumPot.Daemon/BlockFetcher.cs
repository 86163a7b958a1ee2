// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

/// <summary>One enumeration of <see cref="RpcBlockSource"/>: batches under way, in order, within the byte budget.</summary>
internal sealed class BlockFetcher(DaemonClient daemon, RpcBlockSourceOptions options, int firstHeight, int lastHeight, int hashesPerBatch)
{
    // One being read, one on each socket: further ones only take memory.
    private const int MaxBatchesAhead = 3;

    private readonly BatchSizer _sizer = new(options.TargetBatchBytes, options.MaxBatchBlocks);
    private readonly Queue<(Task<BlockBatch> Task, long Expected)> _batches = new();
    private readonly ChainHashes _hashes = new(daemon, firstHeight, lastHeight, hashesPerBatch);
    private int _nextBlock = firstHeight;

    /// <summary>The next batch in order; null after the last height.</summary>
    public async Task<BlockBatch?> NextAsync(CancellationToken cancellationToken)
    {
        Fill(cancellationToken);
        while (_batches.Count == 0 && _nextBlock <= lastHeight)
        {
            // Nothing could be started, so the hashes for it are still being asked for.
            await _hashes.WaitAsync(cancellationToken);
            Fill(cancellationToken);
        }

        if (!_batches.TryDequeue(out var next))
            return null;
        BlockBatch batch = await next.Task;
        _sizer.Observe(batch.Blocks.Count, batch.Bytes);
        Fill(cancellationToken);
        return batch;
    }

    /// <summary>Waits for what is still under way after cancellation; its failures concern nobody any more.</summary>
    public async Task AbandonAsync()
    {
        foreach ((Task<BlockBatch> task, _) in _batches)
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _hashes.AbandonAsync();
    }

    /// <summary>Starts batches as far as budget and known hashes reach, without waiting for anything.</summary>
    private void Fill(CancellationToken cancellationToken)
    {
        while (_nextBlock <= lastHeight && _batches.Count < MaxBatchesAhead && HasBudget())
        {
            _hashes.Fill(cancellationToken);
            int count = Math.Min(_sizer.Blocks, lastHeight - _nextBlock + 1);
            // A short batch only where waiting for more hashes would leave nothing under way.
            if (_hashes.Count == 0 || (_hashes.Count < count && _batches.Count > 0))
                return;
            var hashes = new List<Hash256>(count);
            while (hashes.Count < count && _hashes.Count > 0)
                hashes.Add(_hashes.Take());
            _batches.Enqueue((FetchAsync(_nextBlock, hashes, cancellationToken), _sizer.ExpectedBytes));
            _nextBlock += hashes.Count;
        }
    }

    private bool HasBudget()
    {
        long ahead = 0;
        foreach ((Task<BlockBatch> task, long expected) in _batches)
            ahead += task.IsCompletedSuccessfully ? task.Result.Bytes : expected;
        return _batches.Count == 0 || ahead + _sizer.ExpectedBytes <= options.MaxBytesAhead;
    }

    private Task<BlockBatch> FetchAsync(int height, List<Hash256> hashes, CancellationToken cancellationToken) => daemon.AskUntilAnsweredAsync(
        async token =>
        {
            try
            {
                return new BlockBatch(height, hashes, await daemon.GetBlocksAsync(hashes, token));
            }
            catch (DaemonErrorException error) when (error.Code == RpcErrorCode.NotFound)
            {
                // A daemon forgets blocks only when it is another one, or starts anew.
                throw new ChainChangedException(height, $"the daemon no longer has all blocks from height {height}: {error.RpcMessage}");
            }
        },
        cancellationToken);
}
