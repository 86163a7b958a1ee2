// SPDX-License-Identifier: MIT

using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class IteratorTests
{
    [Fact]
    public void A_scan_goes_forward_and_backward_through_every_row()
    {
        using TemporaryDatabase store = Numbered(100);
        using Iterator rows = store.Db.NewIterator(store.A);
        Forward(rows.SeekToFirst()).ShouldBe(Enumerable.Range(0, 100));
        Backward(rows.SeekToLast()).ShouldBe(Enumerable.Range(0, 100).Reverse());
        rows.Seek(Bytes.Of(50));
        rows.Key().ShouldBe(Bytes.Of(50));
        rows.Value().ShouldBe(Bytes.Of("v50"));
        Bytes.Number(rows.Next().KeySpan).ShouldBe(51);
        Bytes.Text(rows.Prev().Prev().ValueSpan).ShouldBe("v49");
    }

    [Fact]
    public void Seeks_find_the_neighbour_of_an_absent_key()
    {
        using TemporaryDatabase store = Numbered(100, step: 10);
        using Iterator rows = store.Db.NewIterator(store.A);
        Bytes.Number(rows.Seek(Bytes.Of(41)).KeySpan).ShouldBe(50);
        Bytes.Number(rows.SeekForPrev(Bytes.Of(41)).KeySpan).ShouldBe(40);
        rows.Seek(Bytes.Of(91)).Valid().ShouldBeFalse();
        rows.SeekForPrev([]).Valid().ShouldBeFalse();
        Bytes.Number(rows.Seek([]).KeySpan).ShouldBe(0);
    }

    [Fact]
    public void Bounds_hold_in_both_directions_and_need_nothing_of_the_callers_memory()
    {
        using TemporaryDatabase store = Numbered(100);
        byte[] lower = Bytes.Of(10);
        byte[] upper = Bytes.Of(20);
        using ReadOptions options = new ReadOptions().SetIterateLowerBound(lower).SetIterateUpperBound(upper);
        lower.AsSpan().Fill(0xff);
        upper.AsSpan().Clear();
        GC.Collect();
        using Iterator rows = store.Db.NewIterator(store.A, options);
        Forward(rows.SeekToFirst()).ShouldBe(Enumerable.Range(10, 10));
        Backward(rows.SeekToLast()).ShouldBe(Enumerable.Range(10, 10).Reverse());
        Forward(rows.Seek(Bytes.Of(5))).ShouldBe(Enumerable.Range(10, 10));
        Backward(rows.SeekForPrev(Bytes.Of(55))).ShouldBe(Enumerable.Range(10, 10).Reverse());
        rows.Seek(Bytes.Of(20)).Valid().ShouldBeFalse();
    }

    [Fact]
    public void Crossed_bounds_hide_everything()
    {
        using TemporaryDatabase store = Numbered(100);
        using ReadOptions options = new ReadOptions().SetIterateLowerBound(Bytes.Of(20)).SetIterateUpperBound(Bytes.Of(10));
        using Iterator rows = store.Db.NewIterator(store.A, options);
        Forward(rows.SeekToFirst()).ShouldBeEmpty();
        Forward(rows.Seek(Bytes.Of(15))).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => options.SetIterateUpperBound([]));
    }

    [Fact]
    public void Bounds_may_not_change_under_an_open_iterator()
    {
        using TemporaryDatabase store = Numbered(10);
        using ReadOptions options = new ReadOptions().SetIterateUpperBound(Bytes.Of(5));
        using (Iterator rows = store.Db.NewIterator(store.A, options))
        {
            Should.Throw<InvalidOperationException>(() => options.SetIterateUpperBound(Bytes.Of(7)));
            Should.Throw<InvalidOperationException>(() => options.SetIterateLowerBound(Bytes.Of(1)));
            Forward(rows.SeekToFirst()).ShouldBe([0, 1, 2, 3, 4]);
        }

        using Iterator wider = store.Db.NewIterator(store.A, options.SetIterateUpperBound(Bytes.Of(7)));
        Forward(wider.SeekToFirst()).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
    }

    [Theory]
    [InlineData("ab", "ab,aba,abb")]
    [InlineData("ac", "")]
    [InlineData("", "aa,ab,aba,abb,b")]
    public void A_prefix_bounds_a_scan(string prefix, string expected)
    {
        using TemporaryDatabase store = new();
        foreach (string key in (string[])["aa", "ab", "aba", "abb", "b"]) store.Db.Put(Bytes.Of(key), "v"u8, store.A);
        using Iterator rows = store.Db.NewIterator(store.A, new ReadOptions().SetIteratePrefix(Bytes.Of(prefix)));
        string.Join(',', Keys(rows.SeekToFirst()).Select(key => Bytes.Text(key))).ShouldBe(expected);
    }

    [Fact]
    public void A_prefix_of_highest_bytes_bounds_a_scan_as_well()
    {
        using TemporaryDatabase store = new();
        byte[][] keys = [[0xfe], [0xfe, 0xff], [0xfe, 0xff, 1], [0xff], [0xff, 0xff], [0xff, 0xff, 3]];
        foreach (byte[] key in keys) store.Db.Put(key, "v"u8, store.A);
        using (Iterator rows = store.Db.NewIterator(store.A, new ReadOptions().SetIteratePrefix([0xfe, 0xff])))
            Keys(rows.SeekToFirst()).ShouldBe([keys[1], keys[2]]);
        using (Iterator rows = store.Db.NewIterator(store.A, new ReadOptions().SetIteratePrefix([0xff, 0xff])))
            Keys(rows.SeekToFirst()).ShouldBe([keys[4], keys[5]]);
    }

    [Fact]
    public void A_prefix_extractor_ends_the_scan_with_the_prefix()
    {
        using TemporaryDatabase store = new(static () => new ColumnFamilyOptions()
            .SetPrefixExtractor(SliceTransform.CreateFixedPrefix(2))
            .SetMemtablePrefixBloomSizeRatio(0.1)
            .SetBlockBasedTableFactory(new BlockBasedTableOptions()
                .SetFilterPolicy(FilterPolicy.CreateRibbonHybrid()).SetWholeKeyFiltering(false)));
        foreach (string key in (string[])["aa1", "aa2", "bb1", "bb2", "cc"]) store.Db.Put(Bytes.Of(key), "v"u8, store.A);
        Check();
        store.Db.Flush(new FlushOptions(), store.A);
        Check();

        void Check()
        {
            using (Iterator rows = store.Db.NewIterator(store.A, new ReadOptions().SetPrefixSameAsStart(true)))
            {
                Keys(rows.Seek("aa"u8)).Select(key => Bytes.Text(key)).ShouldBe(["aa1", "aa2"]);
                Keys(rows.Seek("bb2"u8)).Select(key => Bytes.Text(key)).ShouldBe(["bb2"]);
                Keys(rows.Seek("zz"u8)).ShouldBeEmpty();
            }

            using Iterator all = store.Db.NewIterator(store.A, new ReadOptions().SetTotalOrderSeek(true));
            Keys(all.Seek("a"u8)).Count.ShouldBe(5);
        }
    }

    [Fact]
    public void Keys_without_the_prefix_of_their_family_are_refused_before_a_scan_can_meet_them()
    {
        static ColumnFamilyOptions Prefixed() => new ColumnFamilyOptions().SetPrefixExtractor(SliceTransform.CreateFixedPrefix(2));
        using TemporaryDatabase store = new(Prefixed);
        using WriteBatch batch = new();
        using SstFileWriter writer = new(null, Prefixed());
        writer.Open(store.Beside("rows.sst"));
        Should.Throw<ArgumentException>(() => store.Db.Put("c"u8, "v"u8, store.A)).Message.ShouldContain("prefix of 2 bytes");
        Should.Throw<ArgumentException>(() => store.Db.Remove("c"u8, store.A));
        Should.Throw<ArgumentException>(() => batch.Put("c"u8, "v"u8, store.A));
        Should.Throw<ArgumentException>(() => batch.Delete("c"u8, store.A));
        Should.Throw<ArgumentException>(() => batch.SingleDelete("c"u8, store.A));
        Should.Throw<ArgumentException>(() => writer.Put("c"u8, "v"u8));
        store.Db.Get("c"u8, store.A).ShouldBeNull();

        store.Db.Put("aa"u8, "v"u8, store.A);
        store.Db.Write(batch.DeleteRange("c"u8, "d"u8, store.A));
        store.Db.Flush(new FlushOptions(), store.A);
        store.Db.Get("c"u8, store.A).ShouldBeNull();
        using Iterator byPrefix = store.Db.NewIterator(store.A, new ReadOptions().SetPrefixSameAsStart(true));
        Should.Throw<ArgumentException>(() => byPrefix.Seek("a"u8));
        Should.Throw<ArgumentException>(() => byPrefix.SeekForPrev([]));
        Keys(byPrefix.SeekToFirst()).Count.ShouldBe(1);
        using Iterator plain = store.Db.NewIterator(store.A);
        plain.Seek("a"u8).Valid();
        using Iterator bounded = store.Db.NewIterator(store.A, new ReadOptions().SetIteratePrefix("a"u8).SetTotalOrderSeek(true));
        Keys(bounded.Seek("a"u8)).Count.ShouldBe(1);
        Backward(bounded.SeekToLast(), static _ => 1).Count.ShouldBe(1);

        using RocksDb single = RocksDb.Open(
            TemporaryDatabase.Options().SetPrefixExtractor(SliceTransform.CreateFixedPrefix(2)), store.Beside("single"));
        Should.Throw<ArgumentException>(() => single.Write(batch.Clear().Put("c"u8, "v"u8)));
        single.Write(batch.Clear().Put("cc"u8, "v"u8));
    }

    [Fact]
    public void An_iterator_and_a_snapshot_keep_seeing_their_own_moment()
    {
        using TemporaryDatabase store = Numbered(3);
        using Snapshot snapshot = store.Db.CreateSnapshot();
        using Iterator rows = store.Db.NewIterator(store.A);
        store.Db.Put(Bytes.Of(3), "v"u8, store.A);
        store.Db.Remove(Bytes.Of(0), store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        store.Db.CompactRange(null, null, store.A);

        Forward(rows.SeekToFirst()).ShouldBe([0, 1, 2]);
        using ReadOptions past = new ReadOptions().SetSnapshot(snapshot);
        using (Iterator old = store.Db.NewIterator(store.A, past)) Forward(old.SeekToFirst()).ShouldBe([0, 1, 2]);
        store.Db.HasKey(Bytes.Of(0), store.A, past).ShouldBeTrue();
        store.Db.HasKey(Bytes.Of(3), store.A, past).ShouldBeFalse();
        store.Db.HasKey(Bytes.Of(3), store.A, past.SetSnapshot(null)).ShouldBeTrue();
    }

    [Fact]
    public void Standing_on_no_row_is_an_exception_and_not_the_end_of_the_process()
    {
        using TemporaryDatabase store = Numbered(1);
        using Iterator rows = store.Db.NewIterator(store.A);
        Refuses(rows);
        rows.SeekToFirst().Next();
        rows.Valid().ShouldBeFalse();
        Refuses(rows);

        static void Refuses(Iterator rows)
        {
            Should.Throw<InvalidOperationException>(rows.Next);
            Should.Throw<InvalidOperationException>(rows.Prev);
            Should.Throw<InvalidOperationException>(rows.Key);
            Should.Throw<InvalidOperationException>(rows.Value);
        }
    }

    private static TemporaryDatabase Numbered(int end, int step = 1)
    {
        TemporaryDatabase store = new();
        for (int i = 0; i < end; i += step) store.Db.Put(Bytes.Of(i), Bytes.Of("v" + i), store.A);
        return store;
    }

    private static List<byte[]> Keys(Iterator rows)
    {
        List<byte[]> keys = [];
        for (; rows.Valid(); rows.Next()) keys.Add(rows.Key());
        return keys;
    }

    private static IEnumerable<int> Forward(Iterator rows) => Keys(rows).Select(key => Bytes.Number(key));

    private static List<int> Backward(Iterator rows) => Backward(rows, static key => Bytes.Number(key));

    private static List<int> Backward(Iterator rows, Func<byte[], int> number)
    {
        List<int> keys = [];
        for (; rows.Valid(); rows.Prev()) keys.Add(number(rows.Key()));
        return keys;
    }
}
