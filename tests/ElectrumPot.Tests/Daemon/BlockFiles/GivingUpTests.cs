// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>When the files are of no use, or a block in them is not to be trusted.</summary>
public sealed class GivingUpTests
{
    [Fact]
    public async Task Files_that_end_long_before_the_chain_are_given_up_with_one_line()
    {
        await using var import = new FileImport(new FakeChain(6_000));
        import.Files.Append(0, import.Blocks(0, 999));
        BlockFileSource source = import.Source();

        await import.ShouldReadAsync(source);

        source.HasGivenUp.ShouldBeTrue();
        import.AskedOverRpc.ShouldBe(Enumerable.Range(1_000, 5_000));
        string warning = import.Log.Lines.Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem().Text;
        warning.ShouldContain(import.Files.Path);
        warning.ShouldContain("importing over RPC");

        await import.ShouldReadAsync(source);
        import.Log.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public async Task Files_that_lack_most_blocks_are_given_up_with_one_line()
    {
        await using var import = new FileImport(new FakeChain(8_000));
        import.Files.Append(0, import.Blocks(0, 9));
        import.Files.Append(2, import.Blocks(5_000, 7_999));
        BlockFileSource source = import.Source(FileImport.Small with { MinLookaheadBlocks = 20, MaxLookaheadBlocks = 20 });

        await import.ShouldReadAsync(source);

        source.HasGivenUp.ShouldBeTrue();
        import.Log.Lines.Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem().Text.ShouldContain("are missing from");
    }

    [Fact]
    public async Task A_missing_block_is_sought_so_far_and_no_further()
    {
        await using var import = new FileImport(new FakeChain(2_000));
        // Block 10 stands at the end of the files, and the daemon is asked for it long before.
        import.Files.Append(0, [.. import.Blocks(0, 9), .. import.Blocks(11, 1_999), import.Chain.Block(10)]);
        var options = new BlockFileOptions { ChunkBytes = 512, MinLookaheadBlocks = 50, MaxLookaheadBlocks = 50 };

        List<SourceBlock> blocks = await import.ShouldReadAsync(options: options);

        import.AskedOverRpc.ShouldBe([10]);
        blocks.Count(block => block.Position is null).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_looked_through_before_the_range_does_not_count()
    {
        await using var import = new FileImport(new FakeChain(2_000));
        var positions = new List<BlockPosition>();
        foreach (byte[] block in import.Blocks(0, 1_999))
            positions.Add(import.Files.Append(0, block));
        var options = new BlockFileOptions { ChunkBytes = 512, MinLookaheadBlocks = 50, MaxLookaheadBlocks = 50, WindowBlocks = 100 };

        await import.ShouldReadAsync(import.Source(options, height => positions[height]), first: 1_500);

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task The_window_forgets_the_oldest_first_and_never_exceeds_its_bound()
    {
        await using var import = new FileImport(new FakeChain(300));
        // A hundred stale blocks at the beginning, then the chain in groups that are turned round.
        import.Files.Append(0, import.Chain.Block(0));
        for (uint i = 0; i < 100; i++)
            import.Files.Append(0, import.StaleAt(1, nonce: 1_000 + i));
        import.Files.Append(0, import.Blocks(1, 299).Chunk(40).SelectMany(group => group.Reverse()));
        var options = new BlockFileOptions { ChunkBytes = 512, MinLookaheadBlocks = 200, MaxLookaheadBlocks = 200, WindowBlocks = 50 };

        await import.ShouldReadAsync(options: options);

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_block_that_was_overwritten_after_it_was_met_comes_from_the_daemon()
    {
        await using var import = new FileImport(new FakeChain(50));
        import.Files.Append(0, import.Blocks(0, 9));
        BlockPosition early = import.Files.Append(0, import.Chain.Block(30));
        import.Files.Append(0, [.. import.Blocks(10, 29), .. import.Blocks(31, 49)]);
        await using IAsyncEnumerator<SourceBlock> reader = import.Source().ReadAsync(0, 49, TestClient.Cancel).GetAsyncEnumerator(TestClient.Cancel);
        for (int height = 0; height < 50; height++)
        {
            if (height == 20) import.Files.Overwrite(0, early.Offset + 10, [1, 2, 3]);
            (await reader.MoveNextAsync()).ShouldBeTrue();
            reader.Current.Raw.ToArray().ShouldBe(import.Chain.Block(height));
        }

        import.AskedOverRpc.ShouldBe([30]);
    }

    [Fact]
    public async Task A_block_that_is_not_trusted_comes_from_the_daemon_the_next_time_and_only_once()
    {
        await using var import = new FileImport(new FakeChain(100));
        import.Files.Append(0, import.Blocks(0, 39));
        BlockPosition damaged = import.Files.Append(0, import.Chain.Block(40));
        import.Files.Overwrite(0, damaged.Offset + 100, [1]);
        import.Files.Append(0, import.Blocks(41, 99));
        BlockFileSource source = import.Source();
        source.Distrust(40).ShouldBeFalse("nothing was delivered yet");

        List<SourceBlock> blocks = await FileImport.ReadAsync(source, 0, 40);
        blocks[40].Raw.ToArray().ShouldNotBe(import.Chain.Block(40));
        source.Distrust(40).ShouldBeTrue();
        await import.ShouldReadAsync(source, first: 40);

        import.AskedOverRpc.ShouldBe([40]);
        source.Distrust(40).ShouldBeFalse("the daemon's own copy has no other");
        import.Log.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_damaged_blocks_end_the_trust_in_all()
    {
        await using var import = new FileImport(new FakeChain(300));
        import.Files.Append(0, import.Blocks(0, 299));
        BlockFileSource source = import.Source();
        await FileImport.ReadAsync(source, 0, 299);

        for (int height = 0; height < 101; height++)
            source.Distrust(height).ShouldBeTrue();

        source.HasGivenUp.ShouldBeTrue();
        await import.ShouldReadAsync(source);
        import.AskedOverRpc.ShouldBe(Enumerable.Range(0, 300));
    }
}
