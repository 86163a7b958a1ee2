// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Following;

/// <summary>Parses blocks on another thread than the one that writes them, a bounded number ahead.</summary>
internal sealed class DigestStream(IBlockSource blocks, Coin coin, bool withRaw)
{
    private const int BlocksAhead = 16;

    /// <param name="firstWithTransactions">Height from which on the digests have <see cref="BlockDigest.Transactions"/>.</param>
    public async IAsyncEnumerable<BlockDigest> ReadAsync(
        int firstHeight, int lastHeight, int firstWithTransactions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var digests = Channel.CreateBounded<BlockDigest>(new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });
        Task parsing = Task.Run(() => ParseAsync(firstHeight, lastHeight, firstWithTransactions, digests.Writer, stop.Token), stop.Token);
        try
        {
            await foreach (BlockDigest digest in digests.Reader.ReadAllAsync(cancellation))
                yield return digest;
        }
        finally
        {
            await stop.CancelAsync();
            // The reader has seen the failure already, as the end of the channel.
            await parsing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ParseAsync(
        int firstHeight, int lastHeight, int firstWithTransactions, ChannelWriter<BlockDigest> digests, CancellationToken cancellation)
    {
        try
        {
            var digester = new BlockDigester(coin);
            await foreach (SourceBlock block in blocks.ReadAsync(firstHeight, lastHeight, cancellation))
                await digests.WriteAsync(digester.Digest(block, block.Height >= firstWithTransactions, withRaw), cancellation);
            digests.Complete();
        }
        catch (Exception failure)
        {
            digests.Complete(failure);
        }
    }
}
