// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>The source against everything that stands in block files besides the chain.</summary>
public sealed class BlockFileSourceTests
{
    [Fact]
    public async Task Blocks_come_from_the_files_with_their_positions_and_only_hashes_from_the_daemon()
    {
        await using var import = new FileImport(new FakeChain(2_500, height => 1 + (height % 97)));
        var positions = new List<BlockPosition>();
        for (int height = 0; height <= import.Chain.Height; height++)
            positions.Add(import.Files.Append(height / 900, import.Chain.Block(height)));

        List<SourceBlock> blocks = await import.ShouldReadAsync();

        blocks.Select(block => block.Position).ShouldBe(positions.Select(position => (BlockPosition?)position));
        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(5, 4)]
    [InlineData(30, 39)]
    public async Task The_ends_of_the_range_are_inclusive(int first, int last)
    {
        await using var import = new FileImport(new FakeChain(40));
        import.Files.Append(0, import.Blocks(0, 39));

        List<SourceBlock> blocks = await FileImport.ReadAsync(import.Source(positionOf: _ => new BlockPosition(0, 8, 180)), first, last);

        blocks.Select(block => block.Height).ShouldBe(Enumerable.Range(first, last - first + 1));
        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Blocks_larger_than_a_chunk_and_of_the_largest_size_are_read_whole()
    {
        int largest = ElectrumPot.Chain.Coins.CoinRegistry.BuiltIn.Get("potcoin").MaxBlockSize - 80;
        await using var import = new FileImport(new FakeChain(30, height => height % 10 == 7 ? largest : 1));
        import.Files.Append(0, import.Blocks(0, 29));

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Zeros_behind_the_last_block_end_a_file_and_not_the_import()
    {
        await using var import = new FileImport(new FakeChain(60));
        import.Files.Append(0, import.Blocks(0, 29));
        import.Files.AppendZeros(0, 5_000);
        import.Files.Append(1, import.Blocks(30, 59));
        import.Files.AppendZeros(1, 10_000);

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Garbage_other_networks_and_impossible_lengths_are_passed_over()
    {
        await using var import = new FileImport(new FakeChain(50));
        byte[] garbage = new byte[3_000];
        new Random(1).NextBytes(garbage);
        import.Files.AppendBytes(0, garbage);
        import.Files.Append(0, import.Blocks(0, 9));
        import.Files.AppendBytes(0, [1, 2, 3]);
        import.Files.Append(0, import.Blocks(10, 19));
        import.Files.Append(0, import.Chain.Block(20), magic: [0xfc, 0xc1, 0xb7, 0xdc]);
        import.Files.Append(0, import.Blocks(20, 29));
        import.Files.AppendBytes(0, [.. BlockFolder.Magic, 0xff, 0xff, 0xff, 0x7f]);
        import.Files.AppendBytes(0, [.. BlockFolder.Magic, 0, 0, 0, 0]);
        import.Files.AppendBytes(0, [.. BlockFolder.Magic, 0xff, 0xff, 0xff, 0xff, .. BlockFolder.Magic[..2]]);
        import.Files.Append(0, import.Blocks(30, 49));

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_block_cut_short_by_a_crash_and_written_again_behind_is_taken_from_where_it_is_whole()
    {
        await using var import = new FileImport(new FakeChain(30));
        import.Files.Append(0, import.Blocks(0, 9));
        import.Files.AppendBytes(0, BlockFolder.Record(import.Chain.Block(10))[..120]);
        import.Files.Append(0, import.Blocks(10, 19));
        import.Files.AppendBytes(0, BlockFolder.Record(import.Chain.Block(20))[..60]);
        import.Files.Append(1, import.Blocks(20, 29));

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_block_that_contains_the_magic_and_what_looks_like_a_record_is_delivered_all_the_same()
    {
        await using var import = new FileImport(new FakeChain(20, static _ => 400));
        BlockFolder.Record(new byte[100]).CopyTo(import.Chain.Block(7), 150);
        import.Files.Append(0, import.Blocks(0, 19));

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Blocks_out_of_order_and_stale_ones_are_put_in_their_order()
    {
        await using var import = new FileImport(new FakeChain(1_500));
        byte[][] blocks = [.. import.Blocks(1, 1_499).SelectMany((block, i) => i % 5 == 0 ? [import.StaleAt(i + 1), block] : new[] { block })];
        var random = new Random(3);
        byte[][] shuffled = [.. blocks.Chunk(300).SelectMany(chunk => chunk.OrderBy(_ => random.Next()))];
        import.Files.Append(0, import.Chain.Block(0));
        import.Files.Append(0, shuffled[..700]);
        import.Files.Append(1, shuffled[700..]);

        await import.ShouldReadAsync();

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Missing_numbers_and_files_that_cannot_be_read_cost_their_own_blocks_only()
    {
        await using var import = new FileImport(new FakeChain(100));
        import.Files.Append(0, import.Blocks(0, 29));
        import.Files.Append(3, import.Blocks(30, 49));
        Directory.CreateDirectory(import.Files.FileOf(4));
        import.Files.Append(7, import.Blocks(60, 99));

        await import.ShouldReadAsync();

        import.AskedOverRpc.ShouldBe(Enumerable.Range(50, 10));
        import.Log.Lines.Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem().Text.ShouldContain("blk00004.dat");
    }

    [Fact]
    public async Task Blocks_with_a_damaged_header_come_from_the_daemon_and_the_import_goes_on_from_the_files()
    {
        await using var import = new FileImport(new FakeChain(400));
        int[] damaged = [1, 17, 18, 200, 399];
        for (int height = 0; height <= import.Chain.Height; height++)
        {
            BlockPosition position = import.Files.Append(0, import.Chain.Block(height));
            if (damaged.Contains(height)) import.Files.Overwrite(0, position.Offset + 70, [0xee, 0xee]);
        }

        List<SourceBlock> blocks = await import.ShouldReadAsync();

        import.AskedOverRpc.ShouldBe(damaged);
        blocks.Where(block => block.Position is null).Select(block => block.Height).ShouldBe(damaged);
        import.Log.Lines.ShouldHaveSingleItem().Text.ShouldContain("395 blocks");
    }

    [Fact]
    public async Task What_the_daemon_writes_while_the_files_are_read_is_found()
    {
        await using var import = new FileImport(new FakeChain(300));
        byte[] last = BlockFolder.Record(import.Chain.Block(200));
        import.Files.Append(0, import.Blocks(0, 199));
        import.Files.AppendBytes(0, last[..100]);

        await using IAsyncEnumerator<SourceBlock> reader = import.Source().ReadAsync(0, 299, TestClient.Cancel).GetAsyncEnumerator(TestClient.Cancel);
        for (int height = 0; height < 300; height++)
        {
            if (height == 200)
            {
                import.Files.AppendBytes(0, last[100..]);
                import.Files.Append(0, import.Blocks(201, 249));
                import.Files.AppendZeros(0, 700);
            }

            if (height == 250)
                import.Files.Append(1, import.Blocks(250, 299));
            (await reader.MoveNextAsync()).ShouldBeTrue();
            reader.Current.Raw.ToArray().ShouldBe(import.Chain.Block(height));
        }

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_block_that_was_half_written_when_it_was_first_met_is_whole_when_its_turn_comes()
    {
        await using var import = new FileImport(new FakeChain(12));
        byte[] record = BlockFolder.Record(import.Chain.Block(10));
        import.Files.Append(0, import.Blocks(0, 9));
        long start = import.Files.AppendBytes(0, record[..90]);
        import.Files.AppendZeros(0, 1_000);
        await using IAsyncEnumerator<SourceBlock> reader = import.Source().ReadAsync(0, 11, TestClient.Cancel).GetAsyncEnumerator(TestClient.Cancel);
        for (int height = 0; height < 10; height++)
            (await reader.MoveNextAsync()).ShouldBeTrue();

        import.Files.Overwrite(0, start + 90, [.. record[90..], .. BlockFolder.Record(import.Chain.Block(11))]);

        for (int height = 10; height < 12; height++)
        {
            (await reader.MoveNextAsync()).ShouldBeTrue();
            reader.Current.Raw.ToArray().ShouldBe(import.Chain.Block(height));
            reader.Current.Position.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_reorganisation_under_way_ends_the_reading_where_blocks_stop_to_link()
    {
        await using var import = new FileImport(new FakeChain(5_000));
        import.Files.Append(0, import.Blocks(0, 4_999));
        var read = new List<SourceBlock>();

        var error = await Should.ThrowAsync<ChainChangedException>(async () =>
        {
            await foreach (SourceBlock block in import.Source().ReadAsync(0, 4_999, TestClient.Cancel))
            {
                read.Add(block);
                if (block.Height == 10) import.Chain.Reorganise(500, 4_600);
            }
        });

        error.Height.ShouldBe(read.Count);
        for (int i = 1; i < read.Count; i++)
            ElectrumPot.Chain.Primitives.BlockHeader.PreviousHashOf(read[i].Raw.Span).ShouldBe(read[i - 1].Hash);
    }

    [Fact]
    public async Task A_chain_that_ends_sooner_gives_what_it_has_and_then_says_so()
    {
        await using var import = new FileImport(new FakeChain(50));
        import.Files.Append(0, import.Blocks(0, 49));
        int read = 0;

        var error = await Should.ThrowAsync<ChainChangedException>(async () =>
        {
            await foreach (SourceBlock _ in import.Source().ReadAsync(0, 5_000, TestClient.Cancel))
                read++;
        });

        read.ShouldBe(50);
        error.Height.ShouldBe(50);
    }
}
