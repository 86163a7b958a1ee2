// SPDX-License-Identifier: MIT

using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class ReadWriteTests
{
    [Fact]
    public void A_value_is_read_back_replaced_and_removed()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "one"u8, store.A);
        store.Db.Get("key"u8, store.A).ShouldBe("one"u8.ToArray());
        store.Db.Put("key"u8, "two"u8, store.A);
        store.Db.Get("key"u8, store.A).ShouldBe("two"u8.ToArray());
        store.Db.HasKey("key"u8, store.A).ShouldBeTrue();
        store.Db.Remove("key"u8, store.A);
        store.Db.Get("key"u8, store.A).ShouldBeNull();
        store.Db.HasKey("key"u8, store.A).ShouldBeFalse();
    }

    [Fact]
    public void Column_families_keep_equal_keys_apart_and_outlive_a_reopening()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "default"u8);
        store.Db.Put("key"u8, "a"u8, store.A);
        store.Db.Put("key"u8, "b"u8, store.B);
        store.Reopen();
        store.Db.Get("key"u8).ShouldBe("default"u8.ToArray());
        store.Db.Get("key"u8, store.Db.GetDefaultColumnFamily()).ShouldBe("default"u8.ToArray());
        store.Db.Get("key"u8, store.A).ShouldBe("a"u8.ToArray());
        store.Db.Get("key"u8, store.B).ShouldBe("b"u8.ToArray());
    }

    [Fact]
    public void Empty_keys_and_values_are_rows_like_any_other()
    {
        using TemporaryDatabase store = new();
        store.Db.Put([], "value"u8, store.A);
        store.Db.Put("key"u8, [], store.A);
        store.Db.Get([], store.A).ShouldBe("value"u8.ToArray());
        store.Db.Get("key"u8, store.A).ShouldBe([]);
        using PinnedValue empty = store.Db.GetPinned("key"u8, store.A);
        empty.IsFound.ShouldBeTrue();
        empty.Span.Length.ShouldBe(0);
    }

    [Fact]
    public void TryGet_fills_the_destination_and_tells_the_length()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "value"u8, store.A);
        Span<byte> destination = new byte[8];
        store.Db.TryGet("key"u8, destination, out int length, store.A).ShouldBeTrue();
        Bytes.Text(destination[..length]).ShouldBe("value");
        store.Db.TryGet("absent"u8, destination, out length, store.A).ShouldBeFalse();
        length.ShouldBe(0);
    }

    [Fact]
    public void TryGet_names_both_sizes_where_the_destination_is_too_small()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "value"u8, store.A);
        ArgumentException e = Should.Throw<ArgumentException>(() => store.Db.TryGet("key"u8, new byte[4], out _, store.A));
        e.Message.ShouldContain("5 bytes");
        e.Message.ShouldContain("room for 4");
    }

    [Fact]
    public void Reading_into_own_memory_allocates_nothing()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "value"u8, store.A);
        ColumnFamilyHandle family = store.A;
        byte[] destination = new byte[8];
        byte[] keys = "keykex"u8.ToArray();
        Read(10);
        Allocation.Of(() => Read(100)).ShouldBe(0);

        void Read(int times)
        {
            for (int i = 0; i < times; i++)
            {
                store.Db.TryGet("key"u8, destination, out _, family);
                using PinnedValue pinned = store.Db.GetPinned("key"u8, family);
                using PinnedValues many = store.Db.MultiGetPinned(keys, 3, family);
            }
        }
    }

    [Fact]
    public void A_pinned_value_stays_readable_while_the_row_is_overwritten_and_flushed()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("key"u8, "before"u8, store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        using PinnedValue pinned = store.Db.GetPinned("key"u8, store.A);
        store.Db.Put("key"u8, "after!"u8, store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        store.Db.CompactRange(null, null, store.A);
        Bytes.Text(pinned.Span).ShouldBe("before");
        pinned.Dispose();
        pinned.Dispose();
    }

    [Fact]
    public void Many_keys_at_once_come_in_the_order_asked_for()
    {
        using TemporaryDatabase store = new();
        for (int i = 0; i < 300; i += 2) store.Db.Put(Bytes.Of(i), Bytes.Of("v" + i), store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        int[] wanted = [.. Enumerable.Range(0, 300).Reverse(), 10, 10];

        using PinnedValues fromMemory = store.Db.MultiGetPinned([.. wanted.Select(n => (ReadOnlyMemory<byte>)Bytes.Of(n))], store.A);
        using PinnedValues fromPacked = store.Db.MultiGetPinned([.. wanted.SelectMany(Bytes.Of)], 4, store.A);
        fromMemory.Count.ShouldBe(wanted.Length);
        fromPacked.Count.ShouldBe(wanted.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            bool exists = wanted[i] % 2 == 0;
            string expected = exists ? "v" + wanted[i] : "";
            fromMemory.TryGet(i, out ReadOnlySpan<byte> value).ShouldBe(exists);
            Bytes.Text(value).ShouldBe(expected);
            fromPacked.TryGet(i, out value).ShouldBe(exists);
            Bytes.Text(value).ShouldBe(expected);
        }
    }

    [Fact]
    public void Asking_for_no_keys_at_all_is_answered_with_none()
    {
        using TemporaryDatabase store = new();
        using PinnedValues none = store.Db.MultiGetPinned([], store.A);
        none.Count.ShouldBe(0);
        store.Db.MultiGet([]).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => store.Db.MultiGetPinned(new byte[7], 4, store.A).Dispose());
    }

    [Fact]
    public void Many_keys_may_come_from_many_families()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "a"u8, store.A);
        store.Db.Put("k"u8, "b"u8, store.B);
        byte[] key = Bytes.Of("k");
        store.Db.MultiGet([key, key, key], [store.B, store.Db.GetDefaultColumnFamily(), store.A])
            .Select(row => row.Value).ShouldBe([Bytes.Of("b"), null, Bytes.Of("a")]);
    }

    [Fact]
    public void A_family_of_another_database_is_refused()
    {
        using TemporaryDatabase store = new();
        using TemporaryDatabase other = new();
        using WriteBatch batch = new();
        batch.Put("k"u8, "v"u8, other.A);
        Should.Throw<ArgumentException>(() => store.Db.Get("k"u8, other.A)).Message.ShouldContain("another database");
        Should.Throw<ArgumentException>(() => store.Db.Write(batch)).Message.ShouldContain("another database");
        Should.Throw<ArgumentException>(() => batch.Put("k"u8, "v"u8, store.A)).Message.ShouldContain("one database");
        using Snapshot foreign = other.Db.CreateSnapshot();
        Should.Throw<ArgumentException>(() => store.Db.Get("k"u8, null, new ReadOptions().SetSnapshot(foreign)));
    }
}
