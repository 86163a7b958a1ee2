// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

public sealed class PositionWindowTests
{
    [Fact]
    public void It_holds_the_newest_and_never_more_than_its_capacity()
    {
        var window = new PositionWindow(1_000);
        for (int i = 0; i < 5_000; i++)
        {
            window.Add(HashOf(i), PositionOf(i), i);
            window.Count.ShouldBe(Math.Min(i + 1, 1_000));
        }

        window.Contains(HashOf(3_999)).ShouldBeFalse();
        for (int i = 4_000; i < 5_000; i++)
        {
            window.TryTake(HashOf(i), out BlockPosition position, out long ordinal).ShouldBeTrue();
            (position, ordinal).ShouldBe((PositionOf(i), i));
        }

        window.Count.ShouldBe(0);
    }

    [Fact]
    public void What_was_taken_is_gone_and_what_is_added_again_stands_at_its_later_place()
    {
        var window = new PositionWindow(3);
        window.Add(HashOf(1), PositionOf(1), 1);
        window.TryTake(HashOf(1), out _, out _).ShouldBeTrue();
        window.TryTake(HashOf(1), out _, out _).ShouldBeFalse();
        window.Add(HashOf(1), PositionOf(2), 2);
        window.Add(HashOf(3), PositionOf(3), 3);
        // Takes the room of the first, which was taken: nothing else is forgotten.
        window.Add(HashOf(4), PositionOf(4), 4);

        window.Count.ShouldBe(3);
        window.TryTake(HashOf(1), out BlockPosition position, out long ordinal).ShouldBeTrue();
        (position, ordinal).ShouldBe((PositionOf(2), 2));
    }

    [Fact]
    public void Its_memory_is_what_its_bound_says()
    {
        var options = new BlockFileOptions();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var window = new PositionWindow(options.WindowBlocks);
        for (int i = 0; i < 4 * options.WindowBlocks; i++)
            window.Add(HashOf(i), PositionOf(i), i);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(window);

        bytes.ShouldBeLessThan(32 << 20, "with room for what other tests take meanwhile");
    }

    private static Hash256 HashOf(int number)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        BitConverter.TryWriteBytes(bytes, 0x9e3779b97f4a7c15UL * (ulong)(number + 1));
        return new Hash256(bytes);
    }

    private static BlockPosition PositionOf(int number) => new(number / 100, (uint)number * 200, 180);
}
