// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Queries;

public sealed class HistoryCacheTests
{
    private const long Budget = 1 << 20;

    private static readonly HashX Script = Name(1);
    private static readonly History Known = Of(16);

    [Fact]
    public void What_was_read_is_there_for_the_same_state_and_for_newer_ones()
    {
        var cache = new HistoryCache(Budget);
        cache.Add(Script, 0, Known);
        cache.TryGet(Script, 0, out History? found).ShouldBeTrue();
        found.ShouldBeSameAs(Known);
        cache.Advance(1, new HashSet<HashX> { Name(2) });
        cache.TryGet(Script, 1, out found).ShouldBeTrue();
        found.ShouldBeSameAs(Known);
    }

    [Fact]
    public void What_a_new_state_changes_is_forgotten_before_it_is_shown()
    {
        var cache = new HistoryCache(Budget);
        cache.Add(Script, 0, Known);
        cache.Add(Name(2), 0, Known);
        cache.Advance(1, new HashSet<HashX> { Script });
        cache.TryGet(Script, 1, out _).ShouldBeFalse();
        cache.TryGet(Name(2), 1, out _).ShouldBeTrue();
        cache.Advance(2, new HashSet<HashX> { ChainUpdate.Everything });
        cache.TryGet(Name(2), 2, out _).ShouldBeFalse();
        cache.Add(Name(2), 2, Known);
        cache.Advance(3, new HashSet<HashX>(), isAll: true);
        cache.TryGet(Name(2), 3, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_reader_of_an_old_state_neither_adds_nor_sees_what_came_later()
    {
        var cache = new HistoryCache(Budget);
        cache.Advance(1, new HashSet<HashX>());
        cache.Add(Script, 0, Known);
        cache.TryGet(Script, 1, out _).ShouldBeFalse();
        cache.Add(Script, 1, Known);
        cache.TryGet(Script, 0, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_short_history_is_kept_when_it_is_asked_for_again()
    {
        var cache = new HistoryCache(Budget);
        cache.Add(Script, 0, Of(15));
        cache.TryGet(Script, 0, out _).ShouldBeFalse();
        cache.Add(Script, 0, Of(15));
        cache.TryGet(Script, 0, out _).ShouldBeTrue();
    }

    [Fact]
    public void The_oldest_go_when_there_is_no_room_and_huge_ones_are_not_kept()
    {
        var cache = new HistoryCache(Budget);
        cache.Add(Script, 0, Of(100_000));
        cache.TryGet(Script, 0, out _).ShouldBeFalse();

        const int Scripts = 5_000;
        for (int i = 0; i < Scripts; i++)
            cache.Add(Name(i), 0, Of(20));
        int kept = Enumerable.Range(0, Scripts).Count(i => cache.TryGet(Name(i), 0, out _));
        // 20 entries of 48 bytes and what it takes to keep them.
        ((double)kept).ShouldBeInRange(Budget / 1_500.0, Budget / 960.0);
        cache.TryGet(Name(Scripts - 1), 0, out _).ShouldBeTrue();
        cache.TryGet(Name(0), 0, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task No_reader_ever_sees_a_history_that_its_state_has_left_behind()
    {
        // The history of a state has as many entries as its number says: readers compare.
        var cache = new HistoryCache(Budget);
        long shown = 0;
        using var end = new CancellationTokenSource();
        Task[] readers =
        [
            .. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                while (!end.IsCancellationRequested)
                {
                    long sequence = Volatile.Read(ref shown);
                    if (cache.TryGet(Script, sequence, out History? found)) ((long)found.Count).ShouldBe(sequence);
                    else cache.Add(Script, sequence, Of((int)sequence));
                }
            })),
        ];
        for (int sequence = 1; sequence <= 2_000; sequence++)
        {
            cache.Advance(sequence, new HashSet<HashX> { Script });
            Volatile.Write(ref shown, sequence);
            Thread.Yield();
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    private static HashX Name(int number) => HashX.OfScript(BitConverter.GetBytes(number));

    private static History Of(int entries) => new(new HistoryEntry[entries]);
}
