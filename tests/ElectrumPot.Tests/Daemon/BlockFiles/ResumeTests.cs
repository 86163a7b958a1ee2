// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>An import that goes on begins near where it was: files before that are not needed, and here they are gone.</summary>
public sealed class ResumeTests
{
    /// <summary>Where in a file a pass may begin in the same file.</summary>
    private const int Margin = 32 << 20;

    [Fact]
    public async Task It_begins_in_the_file_before_the_position_of_the_block_below()
    {
        await using var import = new FileImport(new FakeChain(90));
        var positions = new Dictionary<int, BlockPosition>();
        for (int height = 0; height < 90; height++)
            positions[height] = import.Files.Append(height / 15, import.Chain.Block(height));
        foreach (int file in new[] { 0, 1, 2 }) File.Delete(import.Files.FileOf(file));

        await import.ShouldReadAsync(import.Source(positionOf: height => positions[height]), first: 70);

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task It_begins_in_the_same_file_when_that_reaches_back_far_enough()
    {
        await using var import = new FileImport(new FakeChain(40));
        import.Files.Append(1, import.Blocks(0, 9));
        import.Files.AppendZeros(2, Margin);
        import.Files.Append(2, import.Blocks(10, 39));
        PassStart.Before(import.Files.For(import.Chain.Coin), new BlockPosition(2, Margin - 1, 100)).ShouldBe(1);
        PassStart.Before(import.Files.For(import.Chain.Coin), new BlockPosition(2, Margin, 100)).ShouldBe(2);

        await import.ShouldReadAsync(import.Source(new BlockFileOptions(), _ => new BlockPosition(2, Margin + 8, 180)), first: 12);

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_position_the_times_in_the_headers_tell_where()
    {
        // The times of this chain are its heights in seconds, and ten days are left as a margin.
        const int TenDays = 864_000;
        await using var import = new FileImport(new FakeChain(3));
        var folder = import.Files.For(import.Chain.Coin);
        foreach (int file in new[] { 0, 1, 2, 4 })
            import.Files.Append(file, import.StaleAt(1, (uint)file));
        for (int file = 0; file < 5; file++)
        {
            if (File.Exists(import.Files.FileOf(file)))
                import.Files.Overwrite(file, 8 + 68, BitConverter.GetBytes(file * TenDays));
        }

        PassStart.Before(folder, 0u).ShouldBe(0);
        PassStart.Before(folder, (2 * TenDays) + 1u).ShouldBe(1);
        PassStart.Before(folder, (3 * TenDays) + 1u).ShouldBe(2);
        PassStart.Before(folder, (5 * TenDays) + 1u).ShouldBe(4);
        PassStart.Before(folder, uint.MaxValue).ShouldBe(4);
    }

    [Fact]
    public async Task Without_a_position_one_block_is_asked_for_to_learn_its_time()
    {
        await using var import = new FileImport(new FakeChain(2_500));
        import.Files.Append(0, import.Blocks(0, 1_499));
        import.Files.Append(1, import.Blocks(1_500, 2_499));

        await import.ShouldReadAsync(first: 2_000, options: FileImport.Small with { MinLookaheadBlocks = 10, MaxLookaheadBlocks = 10 });

        import.AskedOverRpc.ShouldBe([2_000]);
    }

    [Fact]
    public async Task A_second_reading_goes_on_where_the_first_one_ended()
    {
        await using var import = new FileImport(new FakeChain(60));
        import.Files.Append(0, import.Blocks(0, 29));
        import.Files.Append(1, import.Blocks(30, 49));
        BlockFileSource source = import.Source();
        await FileImport.ReadAsync(source, 0, 49);

        File.Delete(import.Files.FileOf(0));
        import.Files.Append(1, import.Blocks(50, 59));
        await import.ShouldReadAsync(source, first: 50);

        import.Daemon.Count("getblock").ShouldBe(0);
    }

    [Fact]
    public async Task A_position_of_files_that_are_gone_is_no_obstacle()
    {
        await using var import = new FileImport(new FakeChain(50));
        import.Files.Append(5, import.Blocks(0, 49));

        await import.ShouldReadAsync(import.Source(positionOf: _ => new BlockPosition(3, 1_000, 180)), first: 30);
        import.Daemon.Count("getblock").ShouldBe(0);
        await import.ShouldReadAsync(import.Source(positionOf: _ => new BlockPosition(900, 1_000, 180)), first: 30);
        import.Daemon.Count("getblock").ShouldBe(0);
    }
}
