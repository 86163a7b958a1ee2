// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// Blocks out of the daemon's own files. Which of them are the chain is for the daemon to say, in hashes; a block that the
/// files do not have, or not whole, is asked of it as well. For one reader at a time.
/// </summary>
/// <param name="rpc">For blocks that the files do not have.</param>
/// <param name="positionOf">Where the block at a height stands, as far as the index knows: a pass begins there instead of looking for its place.</param>
public sealed class BlockFileSource(
    BlockFileFolder folder,
    DaemonClient daemon,
    IBlockSource rpc,
    Func<int, BlockPosition?> positionOf,
    BlockFileOptions options,
    ILogger log) : IBlockSource
{
    private const int HashesPerBatch = 2_000;

    /// <summary>Each of them cost a new pass.</summary>
    private const int MaxDistrusted = 100;

    /// <summary>More than are taken ahead of their digest, which is what finds the damaged one.</summary>
    private const int RememberedBlocks = 1_024;

    private readonly HashSet<int> _distrusted = [];
    private readonly (int Height, BlockPosition Position)[] _delivered = new (int, BlockPosition)[RememberedBlocks];
    private (int Height, BlockPosition Position)? _last;

    /// <summary>Too little of what is asked for is in the files: all else comes over RPC.</summary>
    public bool HasGivenUp { get; private set; }

    /// <inheritdoc/>
    /// <remarks>A block from the files shares its memory with its neighbours, some megabytes, for as long as it is held.</remarks>
    public async IAsyncEnumerable<SourceBlock> ReadAsync(
        int firstHeight, int lastHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (firstHeight > lastHeight) yield break;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hashes = new ChainHashes(daemon, firstHeight, lastHeight, HashesPerBatch);
        BlockFilePass? pass = null;
        var meter = new MissMeter();
        Hash256? previous = null;
        int height = firstHeight;
        try
        {
            await hashes.WaitAsync(stop.Token);
            pass = await StartAsync(firstHeight, hashes.Known, stop.Token);
            while (height <= lastHeight && !HasGivenUp)
            {
                if (hashes.Count == 0) await hashes.WaitAsync(stop.Token);
                else hashes.Fill(stop.Token);
                cancellationToken.ThrowIfCancellationRequested();

                Hash256 hash = hashes.Peek();
                if (!_distrusted.Contains(height) && pass.TryTake(hash, out ReadOnlyMemory<byte> raw, out BlockPosition position, stop.Token))
                {
                    meter.Hit();
                    hashes.Take();
                    _last = _delivered[height % RememberedBlocks] = (height, position);
                    yield return Follow(new SourceBlock(height++, hash, raw, position), ref previous);
                    continue;
                }

                int missing = _distrusted.Contains(height) ? 1 : CountMissing(hashes.Known, pass);
                await foreach (SourceBlock block in rpc.ReadAsync(height, height + missing - 1, stop.Token))
                {
                    meter.Miss();
                    if (block.Hash != hashes.Take())
                        throw new ChainChangedException(block.Height, $"block {block.Height} is now {block.Hash}: the daemon's chain changed");
                    height++;
                    yield return Follow(block, ref previous);
                }

                if (meter.FindReason(folder, pass.IsAtEnd) is { } reason) GiveUp(reason, height);
            }
        }
        finally
        {
            pass?.Dispose();
            await stop.CancelAsync();
            await hashes.AbandonAsync();
        }

        if (meter.Misses > 0 && !HasGivenUp) log.SomeBlocksOverRpc(meter.Hits, meter.Misses);
        if (height > lastHeight) yield break;
        await foreach (SourceBlock block in rpc.ReadAsync(height, lastHeight, cancellationToken))
            yield return Follow(block, ref previous);
    }

    /// <inheritdoc/>
    public bool Distrust(int height)
    {
        // What did not come from the files is no better when asked for again.
        if (_last is not { } last || last.Height < height || HasGivenUp || !_distrusted.Add(height)) return false;
        if (_distrusted.Count > MaxDistrusted) GiveUp($"{_distrusted.Count} blocks are damaged in {folder.Path}", height);
        else log.BlockDistrusted(height, folder.Path);
        return true;
    }

    private static SourceBlock Follow(SourceBlock block, ref Hash256? previous)
    {
        if (previous is { } expected && BlockHeader.PreviousHashOf(block.Raw.Span) != expected)
            throw new ChainChangedException(block.Height, $"block {block.Hash} at height {block.Height} does not follow {expected}: the daemon's chain changed");
        previous = block.Hash;
        return block;
    }

    /// <summary>How many of the next blocks are not in the files: at least the first, which has been sought.</summary>
    private static int CountMissing(IEnumerable<Hash256> hashes, BlockFilePass pass)
    {
        int missing = 0;
        foreach (Hash256 hash in hashes)
        {
            if (missing > 0 && pass.Has(hash)) break;
            missing++;
        }

        return missing;
    }

    private async Task<BlockFilePass> StartAsync(int firstHeight, IReadOnlyCollection<Hash256> hashes, CancellationToken cancellationToken)
    {
        int file = 0;
        if (firstHeight > 0 && FindPosition(firstHeight - 1) is { } below)
            file = PassStart.Before(folder, below);
        else if (firstHeight > 0)
            file = PassStart.Before(folder, await ReadTimeAsync(firstHeight, hashes.First(), cancellationToken));
        return new BlockFilePass(folder, file, hashes.ToHashSet(), options, log);
    }

    private BlockPosition? FindPosition(int height)
    {
        if (positionOf(height) is { } known) return known;
        (int Height, BlockPosition Position) delivered = _delivered[height % RememberedBlocks];
        if (delivered.Height == height && delivered.Position.Length > 0) return delivered.Position;
        return _last is { } last && last.Height <= height ? last.Position : null;
    }

    private async Task<uint> ReadTimeAsync(int height, Hash256 hash, CancellationToken cancellationToken)
    {
        try
        {
            byte[] block = await daemon.AskUntilAnsweredAsync(token => daemon.GetBlockAsync(hash, token), cancellationToken);
            return BlockHeader.Parse(block).Time;
        }
        catch (DaemonErrorException error)
        {
            throw new ChainChangedException(height, $"the daemon no longer has block {hash} at height {height}: {error.RpcMessage}");
        }
    }

    private void GiveUp(string reason, int height)
    {
        HasGivenUp = true;
        log.FilesGivenUp(reason, height);
    }
}
