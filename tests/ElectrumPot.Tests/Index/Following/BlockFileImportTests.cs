// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Index.Queries;
using ElectrumPot.Simulation;
using ElectrumPot.Tests.Daemon;
using ElectrumPot.Tests.Daemon.BlockFiles;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>The index out of block files, of a chain of both eras.</summary>
public sealed class BlockFileImportTests : IDisposable
{
    private static readonly BlockFileOptions Options = new() { ChunkBytes = 4_096, MinRangeBlocks = 10 };

    private readonly BlockFolder _files = new();
    private readonly LogCollector<FallbackBlockSource> _log = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task It_is_that_of_the_chain_and_knows_where_the_blocks_stand()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(source: (node, daemon) => Source(node, daemon, damaged: []));
        await run.CaughtUpAsync();

        run.ShouldAgreeWithNode();
        using ChainView view = run.Index.AcquireView();
        using var reader = new BlockFileReader(_files.For(run.Node.Coin), Options);
        foreach (DevBlock block in run.Node.Chain.Blocks)
        {
            view.GetBlockPosition(block.Height).ShouldNotBeNull();
            reader.TryRead(view.GetBlockPosition(block.Height)!.Value, block.Hash, out ReadOnlyMemory<byte> raw).ShouldBeTrue();
            raw.ToArray().ShouldBe(block.Raw);
        }
    }

    [Fact]
    public async Task A_block_damaged_behind_its_header_comes_from_the_daemon_at_once()
    {
        int[] damaged = [0, 30, 31, 77, 120];
        await using FollowerFixture run = await FollowerFixture.StartAsync(source: (node, daemon) => Source(node, daemon, damaged));
        await run.CaughtUpAsync();

        run.ShouldAgreeWithNode();
        using ChainView view = run.Index.AcquireView();
        Enumerable.Range(0, 121).Where(height => view.GetBlockPosition(height) is null).ShouldBe(damaged);
        _log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)
            .ShouldBe(damaged.Select(height => $"block {height} is damaged in {_files.Path}; asking the daemon for it"));
    }

    private FallbackBlockSource Source(DevNode node, DaemonClient daemon, int[] damaged)
    {
        foreach (DevBlock block in node.Chain.Blocks)
        {
            BlockPosition position = _files.Append(block.Height / 50, block.Raw);
            // In the first transaction, behind its version: the block has the right hash, and another merkle root.
            if (damaged.Contains(block.Height)) _files.Overwrite(position.File, position.Offset + BlockHeader.Size + 8, [0x5a]);
        }

        return new FallbackBlockSource(
            _files.Path, daemon, node.Coin, new RpcBlockSource(daemon, new RpcBlockSourceOptions()), static _ => null, Options, _log);
    }
}
