// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>
/// Blocks over RPC, fetched ahead in batches over the sockets the client has for the index. Outages are waited out;
/// memory is bounded by bytes, not by blocks, which differ by a factor of thousands.
/// </summary>
public sealed class RpcBlockSource(DaemonClient daemon, RpcBlockSourceOptions options) : IBlockSource
{
    private const int HashesPerBatch = 1_000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceBlock> ReadAsync(
        int firstHeight, int lastHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetcher = new BlockFetcher(daemon, options, firstHeight, lastHeight, HashesPerBatch);
        try
        {
            Hash256? previous = null;
            while (await fetcher.NextAsync(stop.Token) is { } batch)
            {
                for (int i = 0; i < batch.Blocks.Count; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    byte[] raw = batch.Blocks[i];
                    int height = batch.FirstHeight + i;
                    if (previous is { } expected && BlockHeader.PreviousHashOf(raw) != expected)
                        throw new ChainChangedException(height, $"block {batch.Hashes[i]} at height {height} does not follow {expected}: the daemon's chain changed");
                    previous = batch.Hashes[i];
                    yield return new SourceBlock(height, batch.Hashes[i], raw);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await fetcher.AbandonAsync();
        }
    }
}
