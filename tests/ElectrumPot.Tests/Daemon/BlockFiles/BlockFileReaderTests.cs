// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

public sealed class BlockFileReaderTests
{
    private static readonly BlockFileOptions FewFiles = new() { OpenFiles = 3 };

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789abcdef")]
    public void A_block_is_read_where_it_stands(string? key)
    {
        var chain = new FakeChain(20, height => 1 + (height * 11));
        using var files = new BlockFolder(key is null ? null : Convert.FromHexString(key));
        BlockPosition[] positions = [.. Enumerable.Range(0, 20).Select(height => files.Append(height % 7, chain.Block(height)))];
        using var reader = new BlockFileReader(files.For(chain.Coin), FewFiles);

        for (int height = 0; height < 20; height++)
        {
            reader.TryRead(positions[height], chain.Hash(height), out ReadOnlyMemory<byte> raw).ShouldBeTrue();
            raw.ToArray().ShouldBe(chain.Block(height));
        }
    }

    [Fact]
    public void What_is_not_there_as_it_was_is_not_read()
    {
        var chain = new FakeChain(3);
        using var files = new BlockFolder();
        BlockPosition position = files.Append(0, chain.Block(0));
        files.Append(0, chain.Block(1));
        using var reader = new BlockFileReader(files.For(chain.Coin), FewFiles);

        bool Reads(BlockPosition at, int height = 0) => reader.TryRead(at, chain.Hash(height), out _);
        Reads(position).ShouldBeTrue();
        Reads(position, height: 1).ShouldBeFalse("another block");
        Reads(position with { Length = position.Length - 1 }).ShouldBeFalse();
        Reads(position with { Offset = position.Offset + 1 }).ShouldBeFalse();
        Reads(position with { Offset = 0 }).ShouldBeFalse();
        Reads(position with { Offset = uint.MaxValue }).ShouldBeFalse();
        Reads(position with { Length = int.MaxValue }).ShouldBeFalse("no memory is taken for it");
        Reads(position with { Length = -1 }).ShouldBeFalse();
        Reads(position with { File = 9 }).ShouldBeFalse();
        files.Overwrite(0, 0, [0xff]);
        Reads(position).ShouldBeFalse("the magic");
        files.Overwrite(0, 0, BlockFolder.Magic);
        Reads(position).ShouldBeTrue();
        files.Overwrite(0, 20, [0xff]);
        Reads(position).ShouldBeFalse("the header");
        files.Truncate(0, 100);
        Reads(position).ShouldBeFalse("pruned");
    }

    [Fact]
    public async Task Many_threads_read_from_more_files_than_are_kept_open()
    {
        var chain = new FakeChain(40);
        using var files = new BlockFolder();
        BlockPosition[] positions = [.. Enumerable.Range(0, 40).Select(height => files.Append(height % 10, chain.Block(height)))];
        using var reader = new BlockFileReader(files.For(chain.Coin), FewFiles);
        const int Threads = 4;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 2_000; i++)
            {
                int height = random.Next(40);
                reader.TryRead(positions[height], chain.Hash(height), out ReadOnlyMemory<byte> raw).ShouldBeTrue();
                raw.Span.SequenceEqual(chain.Block(height)).ShouldBeTrue();
            }
        })));

        OpenFilesIn(files.Path).ShouldBeInRange(1, FewFiles.OpenFiles);
        reader.Dispose();
        OpenFilesIn(files.Path).ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => reader.TryRead(positions[0], Hash256.Zero, out _));
    }

    private static int OpenFilesIn(string folder) => Directory.EnumerateFiles("/proc/self/fd").Count(fd =>
    {
        try
        {
            return File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName.StartsWith(folder, StringComparison.Ordinal) ?? false;
        }
        catch (IOException)
        {
            // Closed meanwhile by another test.
            return false;
        }
    });
}
