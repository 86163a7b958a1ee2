// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon.BlockFiles;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

public sealed class BlockFileScannerTests
{
    private static readonly Coin Potcoin = CoinRegistry.BuiltIn.Get("potcoin");

    /// <summary>A new read of the largest block for each of them would be a terabyte.</summary>
    [Fact]
    public void A_million_false_records_cost_no_read_each()
    {
        using BlockFolder files = EightMegabytesOfFalseRecords();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using BlockFileScanner scanner = Scan(files);

        scanner.TryRead(out _, deadline.Token).ShouldBeFalse();
    }

    [Fact]
    public void It_ends_when_it_is_cancelled()
    {
        using BlockFolder files = EightMegabytesOfFalseRecords();
        using BlockFileScanner scanner = Scan(files);

        Should.Throw<OperationCanceledException>(() => scanner.TryRead(out _, new CancellationToken(canceled: true)));
    }

    private static BlockFileScanner Scan(BlockFolder files) =>
        new(files.For(Potcoin), firstFile: 0, new BlockFileOptions { ChunkBytes = 64 << 10 }, NullLogger.Instance);

    private static BlockFolder EightMegabytesOfFalseRecords()
    {
        byte[] head = [.. BlockFolder.Magic, 0, 0, 0, 0];
        // Odd, so that none seems to be followed by another.
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), 999_997);
        byte[] bytes = new byte[8 << 20];
        for (int i = 0; i < bytes.Length; i += head.Length) head.CopyTo(bytes, i);
        var files = new BlockFolder();
        files.AppendBytes(0, bytes);
        return files;
    }
}
