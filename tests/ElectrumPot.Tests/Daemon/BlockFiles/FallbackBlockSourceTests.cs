// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon.BlockFiles;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>Which way blocks come, and what the log says of it.</summary>
public sealed class FallbackBlockSourceTests
{
    private static readonly BlockFileOptions Options = FileImport.Small with { MinRangeBlocks = 200 };

    [Fact]
    public async Task A_long_range_comes_from_the_files_and_a_short_one_over_RPC()
    {
        await using FileImport import = Filled();
        FallbackBlockSource source = import.Fallback(import.Files.Path, Options);

        (await import.ShouldReadAsync(source)).ShouldAllBe(block => block.Position != null);
        import.Daemon.Count("getblock").ShouldBe(0);
        (await import.ShouldReadAsync(source, first: 150)).ShouldAllBe(block => block.Position == null);
        await import.ShouldReadAsync(source);

        import.Log.Lines.ShouldHaveSingleItem().Text.ShouldStartWith($"importing from the block files in {import.Files.Path} (1 file");
    }

    [Fact]
    public async Task Without_datadir_it_says_so_once_and_asks_the_daemon()
    {
        await using FileImport import = Filled();
        FallbackBlockSource source = import.Fallback(null, Options);

        await import.ShouldReadAsync(source);
        await import.ShouldReadAsync(source);

        import.Log.Lines.ShouldHaveSingleItem().Text.ShouldContain("importing over RPC; with [potcoind] datadir");
    }

    [Fact]
    public async Task Files_that_cannot_be_read_are_told_once_and_used_as_soon_as_they_can()
    {
        await using FileImport import = Filled();
        string real = import.Files.FileOf(0);
        File.Move(real, $"{real}.away");
        Directory.CreateDirectory(real);
        FallbackBlockSource source = import.Fallback(import.Files.Path, Options);

        await import.ShouldReadAsync(source);
        await import.ShouldReadAsync(source);
        string line = import.Log.Lines.ShouldHaveSingleItem().Text;
        line.ShouldContain("permission denied");
        line.ShouldEndWith("importing over RPC instead");

        Directory.Delete(real);
        File.Move($"{real}.away", real);
        (await import.ShouldReadAsync(source)).ShouldAllBe(block => block.Position != null);
        import.Log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Distrust_reaches_the_source_that_delivered()
    {
        await using FileImport import = Filled();
        FallbackBlockSource source = import.Fallback(import.Files.Path, Options);
        source.Distrust(20).ShouldBeFalse();

        await import.ShouldReadAsync(source, first: 150);
        source.Distrust(160).ShouldBeFalse("it came from the daemon");
        await import.ShouldReadAsync(source);
        source.Distrust(20).ShouldBeTrue();

        (await import.ShouldReadAsync(source)).Where(block => block.Position is null).Select(block => block.Height).ShouldBe([20]);
    }

    private static FileImport Filled()
    {
        var import = new FileImport(new FakeChain(300));
        import.Files.Append(0, import.Blocks(0, 299));
        import.Files.For(import.Chain.Coin);
        return import;
    }
}
