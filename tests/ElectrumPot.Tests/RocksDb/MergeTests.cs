// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class MergeTests
{
    [Fact]
    public void Operands_reach_the_operator_in_order_through_flush_compaction_and_collection()
    {
        using TemporaryDatabase store = new(Appending);
        Collect();
        store.Db.Put("with"u8, "0"u8, store.A);
        for (int i = 1; i < 10; i++)
        {
            store.Db.Merge("with"u8, Bytes.Of(i.ToString()), store.A);
            using WriteBatch batch = new();
            store.Db.Write(batch.Merge("without"u8, Bytes.Of(i.ToString()), store.A));
            if (i % 3 == 0) store.Db.Flush(new FlushOptions(), store.A);
        }

        Collect();
        Check();
        store.Db.CompactRange(null, null, store.A);
        Check();
        store.Reopen();
        Collect();
        Check();

        void Check()
        {
            Bytes.Text(store.Db.Get("with"u8, store.A)).ShouldBe("0123456789");
            Bytes.Text(store.Db.Get("without"u8, store.A)).ShouldBe("123456789");
        }
    }

    [Fact]
    public void An_operator_that_throws_fails_the_read_and_tells_why()
    {
        MergeOperator failing = MergeOperators.Create(
            "failing",
            static (_, _, out success) => throw new FormatException("partial"),
            static (_, _, _, _, out success) => throw new FormatException("bad operand"));
        using TemporaryDatabase store = new(() => new ColumnFamilyOptions().SetMergeOperator(failing));
        store.Db.Merge("k"u8, "v"u8, store.A);
        Should.Throw<RocksDbException>(() => store.Db.Get("k"u8, store.A)).Kind.ShouldBe(RocksDbErrorKind.Corruption);
        failing.LastFailure.ShouldBeOfType<FormatException>().Message.ShouldBe("bad operand");
        using Iterator rows = store.Db.NewIterator(store.A);
        Should.Throw<RocksDbException>(rows.SeekToFirst);
        Should.Throw<RocksDbException>(() => rows.Valid());
    }

    [Fact]
    public void Merging_into_a_family_without_an_operator_is_refused_at_once()
    {
        using TemporaryDatabase store = new();
        using WriteBatch batch = new();
        Should.Throw<InvalidOperationException>(() => store.Db.Merge("k"u8, "v"u8, store.A)).Message.ShouldContain("merge operator");
        Should.Throw<InvalidOperationException>(() => batch.Merge("k"u8, "v"u8, store.A));
        batch.Merge("k"u8, "v"u8);
        Should.Throw<InvalidOperationException>(() => store.Db.Write(batch));
        using SstFileWriter writer = new();
        Should.Throw<InvalidOperationException>(() => writer.Merge("k"u8, "v"u8));
    }

    [Fact]
    public void The_built_in_counter_adds()
    {
        using TemporaryDatabase store = new(static () => new ColumnFamilyOptions().SetUint64addMergeOperator());
        store.Db.Merge("k"u8, BitConverter.GetBytes(40UL), store.A);
        store.Db.Merge("k"u8, BitConverter.GetBytes(2UL), store.A);
        BitConverter.ToUInt64(store.Db.Get("k"u8, store.A)).ShouldBe(42UL);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ColumnFamilyOptions Appending()
    {
        string separator = string.Concat(Enumerable.Repeat("", 3));
        return new ColumnFamilyOptions().SetMergeOperator(MergeOperators.Create(
            "append",
            (_, operands, out success) =>
            {
                success = true;
                return Join(separator, [], operands);
            },
            (_, _, existing, operands, out success) =>
            {
                success = true;
                return Join(separator, existing, operands);
            }));
    }

    private static byte[] Join(string separator, ReadOnlySpan<byte> existing, MergeOperators.OperandsEnumerator operands)
    {
        List<byte> joined = [.. existing];
        for (int i = 0; i < operands.Count; i++) joined.AddRange([.. Bytes.Of(separator), .. operands.Get(i)]);
        return [.. joined];
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
