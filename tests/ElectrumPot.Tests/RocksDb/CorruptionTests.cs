// SPDX-License-Identifier: MIT

using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class CorruptionTests
{
    private const int Rows = 2000;

    [Fact]
    public void Damaged_blocks_are_an_error_of_the_read_and_never_missing_rows()
    {
        using TemporaryDatabase store = Damaged();
        RocksDbException e = Should.Throw<RocksDbException>(() => store.Db.Get(Bytes.Of(0), store.A));
        e.Kind.ShouldBe(RocksDbErrorKind.Corruption);
        e.Message.ShouldContain("checksum");
        Should.Throw<RocksDbException>(() => store.Db.MultiGetPinned(Bytes.Of(0), 4, store.A).Dispose())
            .Kind.ShouldBe(RocksDbErrorKind.Corruption);
        Should.Throw<RocksDbException>(() => store.Db.MultiGet([Bytes.Of(0), Bytes.Of(1)], [store.A, store.A]))
            .Kind.ShouldBe(RocksDbErrorKind.Corruption);
    }

    [Fact]
    public void A_scan_throws_where_the_damage_begins()
    {
        using TemporaryDatabase store = Damaged();
        using Iterator rows = store.Db.NewIterator(store.A);
        Should.Throw<RocksDbException>(rows.SeekToFirst).Kind.ShouldBe(RocksDbErrorKind.Corruption);
        Should.Throw<RocksDbException>(() => rows.Valid());
        Should.Throw<RocksDbException>(rows.CheckStatus);

        int seen = 0;
        Should.Throw<RocksDbException>(() =>
        {
            for (rows.SeekToLast(); rows.Valid(); rows.Prev()) seen++;
        }).Kind.ShouldBe(RocksDbErrorKind.Corruption);
        seen.ShouldBeInRange(100, Rows - 1);
    }

    [Fact]
    public void Compacting_a_damaged_file_fails_aloud()
    {
        using TemporaryDatabase store = Damaged();
        store.Db.Put(Bytes.Of(1), "x"u8, store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        Should.Throw<RocksDbException>(() => store.Db.CompactRange(null, null, store.A)).Message.ShouldContain("compaction");
    }

    [Fact]
    public void A_missing_file_stops_the_opening()
    {
        using TemporaryDatabase store = Filled();
        store.Db.Dispose();
        foreach (string file in Directory.GetFiles(store.Path, "*.sst")) File.Delete(file);
        RocksDbException e = Should.Throw<RocksDbException>(() => store.Open());
        e.Kind.ShouldBe(RocksDbErrorKind.Corruption);
        e.Message.ShouldContain("No such file");
    }

    private static TemporaryDatabase Filled()
    {
        TemporaryDatabase store = new(static () => new ColumnFamilyOptions().SetDisableAutoCompactions(1));
        Random random = new(1);
        byte[] value = new byte[100];
        for (int i = 0; i < Rows; i++)
        {
            random.NextBytes(value);
            store.Db.Put(Bytes.Of(i), value, store.A);
        }

        store.Db.Flush(new FlushOptions(), store.A);
        return store;
    }

    // Data blocks lead the file; its first quarter holds nothing else.
    private static TemporaryDatabase Damaged()
    {
        TemporaryDatabase store = Filled();
        store.Db.Dispose();
        string file = Directory.GetFiles(store.Path, "*.sst").Single();
        byte[] bytes = File.ReadAllBytes(file);
        for (int i = 100; i < bytes.Length / 4; i += 1000) bytes[i] ^= 0x55;
        File.WriteAllBytes(file, bytes);
        store.Reopen();
        return store;
    }
}
