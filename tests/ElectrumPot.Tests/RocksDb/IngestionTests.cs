// SPDX-License-Identifier: MIT

using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class IngestionTests
{
    [Fact]
    public void Ingested_rows_replace_present_ones_and_the_file_moves_in()
    {
        using TemporaryDatabase store = new();
        store.Db.Put(Bytes.Of(5), "old"u8, store.A);
        string file = store.Beside("rows.sst");
        using (SstFileWriter writer = new(null, new ColumnFamilyOptions().SetCompression(Compression.Zstd)))
        {
            writer.Open(file);
            for (int i = 0; i < 1000; i++) writer.Put(Bytes.Of(i), Bytes.Of("new" + i));
            writer.Finish();
            writer.FileSize().ShouldBe((ulong)new FileInfo(file).Length);
        }

        store.Db.IngestExternalFiles([file], new IngestExternalFileOptions().SetMoveFiles(true), store.A);
        File.Exists(file).ShouldBeFalse();
        store.Reopen();
        store.Db.Get(Bytes.Of(5), store.A).ShouldBe(Bytes.Of("new5"));
        store.Db.Get(Bytes.Of(999), store.A).ShouldBe(Bytes.Of("new999"));
    }

    [Fact]
    public void A_file_can_delete_ranges()
    {
        using TemporaryDatabase store = new();
        for (int i = 0; i < 10; i++) store.Db.Put(Bytes.Of(i), "v"u8, store.A);
        string file = store.Beside("rows.sst");
        using SstFileWriter writer = new();
        writer.Open(file);
        writer.Delete(Bytes.Of(1));
        writer.DeleteRange(Bytes.Of(4), Bytes.Of(8));
        writer.Finish();
        store.Db.IngestExternalFiles([file], new IngestExternalFileOptions(), store.A);
        File.Exists(file).ShouldBeTrue();
        Enumerable.Range(0, 10).Where(i => store.Db.HasKey(Bytes.Of(i), store.A)).ShouldBe([0, 2, 3, 8, 9]);
    }

    [Fact]
    public void Keys_out_of_order_and_files_without_rows_are_refused()
    {
        using TemporaryDatabase store = new();
        using SstFileWriter writer = new();
        Should.Throw<RocksDbException>(() => writer.Put("a"u8, "v"u8)).Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        writer.Open(store.Beside("rows.sst"));
        writer.Put("b"u8, "v"u8);
        Should.Throw<RocksDbException>(() => writer.Put("a"u8, "v"u8)).Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        Should.Throw<RocksDbException>(() => writer.Put("b"u8, "v"u8)).Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);

        using SstFileWriter empty = new();
        empty.Open(store.Beside("empty.sst"));
        Should.Throw<RocksDbException>(empty.Finish).Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
    }

    [Fact]
    public void A_missing_or_foreign_file_is_not_ingested()
    {
        using TemporaryDatabase store = new();
        string text = store.Beside("text.sst");
        File.WriteAllText(text, new string('x', 500));
        Should.Throw<RocksDbException>(() => store.Db.IngestExternalFiles([store.Beside("none.sst")], new(), store.A))
            .Kind.ShouldBe(RocksDbErrorKind.IoError);
        Should.Throw<RocksDbException>(() => store.Db.IngestExternalFiles([text], new(), store.A))
            .Kind.ShouldBe(RocksDbErrorKind.Corruption);
        using Iterator rows = store.Db.NewIterator(store.A);
        rows.SeekToFirst().Valid().ShouldBeFalse();
    }

    [Fact]
    public void A_checkpoint_opens_and_stays_as_it_was()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "then"u8, store.A);
        string copy = store.Beside("copy");
        using (Checkpoint checkpoint = store.Db.Checkpoint())
        {
            checkpoint.Save(copy);
            Should.Throw<RocksDbException>(() => checkpoint.Save(copy)).Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        }

        store.Db.Put("k"u8, "now"u8, store.A);
        using RocksDb opened = RocksDb.Open(new DbOptions(), copy, store.Families());
        opened.Get("k"u8, opened.GetColumnFamily("a")).ShouldBe(Bytes.Of("then"));
    }

    [Fact]
    public void A_secondary_follows_its_primary_when_told_to()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "one"u8, store.A);
        using RocksDb second = RocksDb.OpenAsSecondary(
            new DbOptions().SetMaxOpenFiles(-1), store.Path, store.Beside("second"), store.Families());
        ColumnFamilyHandle family = second.GetColumnFamily("a");
        second.Get("k"u8, family).ShouldBe(Bytes.Of("one"));
        store.Db.Put("k"u8, "two"u8, store.A);
        second.TryCatchUpWithPrimary();
        second.Get("k"u8, family).ShouldBe(Bytes.Of("two"));
        Should.Throw<RocksDbException>(() => second.Put("k"u8, "v"u8, family)).Kind.ShouldBe(RocksDbErrorKind.NotSupported);
    }
}
