// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Following;

/// <summary>Parses blocks on another thread than the one that writes them, a bounded number ahead.</summary>
internal sealed class DigestStream(IBlockSource blocks, Coin coin)
{
    private const int BlocksAhead = 16;

    public async IAsyncEnumerable<BlockDigest> ReadAsync(
        int firstHeight, int lastHeight, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var digests = Channel.CreateBounded<BlockDigest>(new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });
        Task parsing = Task.Run(() => ParseAsync(firstHeight, lastHeight, digests.Writer, stop.Token), stop.Token);
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

    private async Task ParseAsync(int firstHeight, int lastHeight, ChannelWriter<BlockDigest> digests, CancellationToken cancellation)
    {
        try
        {
            var digester = new BlockDigester(coin);
            await foreach (SourceBlock block in blocks.ReadAsync(firstHeight, lastHeight, cancellation))
                await digests.WriteAsync(digester.Digest(block.Height, block.Raw.Span), cancellation);
            digests.Complete();
        }
        catch (Exception failure)
        {
            digests.Complete(failure);
        }
    }
}
