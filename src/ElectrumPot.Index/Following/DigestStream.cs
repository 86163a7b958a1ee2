// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Parses blocks on other threads than the one that writes them, and hands them over in their order. Bounded by
/// portions: small blocks go together, so that handing over costs little, large ones alone.
/// </summary>
internal sealed class DigestStream(IBlockSource blocks, Coin coin, bool withRaw)
{
    private const int PortionBytes = 64 << 10;
    private const int PortionBlocks = 64;

    private static readonly int PortionsAhead = 2 + Environment.ProcessorCount;

    private readonly ConcurrentBag<BlockDigester> _digesters = [];

    /// <param name="firstWithTransactions">Height from which on the digests have <see cref="BlockDigest.Transactions"/>.</param>
    public async IAsyncEnumerable<BlockDigest> ReadAsync(
        int firstHeight, int lastHeight, int firstWithTransactions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var portions = Channel.CreateBounded<Task<Portion>>(new BoundedChannelOptions(PortionsAhead) { SingleReader = true, SingleWriter = true });
        Task parsing = Task.Run(() => ParseAsync(firstHeight, lastHeight, firstWithTransactions, portions.Writer, stop.Token), stop.Token);
        try
        {
            await foreach (Task<Portion> portion in portions.Reader.ReadAllAsync(cancellation))
            {
                (List<BlockDigest> digests, ExceptionDispatchInfo? failure) = await portion;
                foreach (BlockDigest digest in digests)
                    yield return digest;
                failure?.Throw();
            }
        }
        finally
        {
            await stop.CancelAsync();
            // The reader has seen the failure already, as the end of the channel.
            await parsing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (portions.Reader.TryRead(out Task<Portion>? abandoned))
                await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ParseAsync(
        int firstHeight, int lastHeight, int firstWithTransactions, ChannelWriter<Task<Portion>> portions, CancellationToken cancellation)
    {
        var portion = new List<SourceBlock>();
        try
        {
            long bytes = 0;
            await foreach (SourceBlock block in blocks.ReadAsync(firstHeight, lastHeight, cancellation))
            {
                portion.Add(block);
                bytes += block.Raw.Length;
                if (bytes < PortionBytes && portion.Count < PortionBlocks) continue;
                await HandOverAsync();
                bytes = 0;
            }

            await HandOverAsync();
            portions.Complete();
        }
        catch (Exception failure)
        {
            // What came before the failure stands. A reader that has gone away has cancelled, and takes nothing more.
            if (!cancellation.IsCancellationRequested)
                await HandOverAsync();
            portions.Complete(failure);
        }

        async ValueTask HandOverAsync()
        {
            if (portion.Count == 0) return;
            SourceBlock[] ready = [.. portion];
            portion.Clear();
            await portions.WriteAsync(Task.Run(() => Digest(ready, firstWithTransactions), CancellationToken.None), cancellation);
        }
    }

    private Portion Digest(SourceBlock[] blocks, int firstWithTransactions)
    {
        if (!_digesters.TryTake(out BlockDigester? digester))
            digester = new BlockDigester(coin);
        var digests = new List<BlockDigest>(blocks.Length);
        try
        {
            foreach (SourceBlock block in blocks)
                digests.Add(digester.Digest(block, block.Height >= firstWithTransactions, withRaw));
            return new Portion(digests, null);
        }
        catch (MalformedBlockException failure)
        {
            return new Portion(digests, ExceptionDispatchInfo.Capture(failure));
        }
        finally
        {
            _digesters.Add(digester);
        }
    }

    /// <param name="Failure">Of the block after the digests.</param>
    private readonly record struct Portion(List<BlockDigest> Digests, ExceptionDispatchInfo? Failure);
}
