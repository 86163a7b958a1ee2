// SPDX-License-Identifier: MIT

using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class WriteBatchTests
{
    [Fact]
    public void A_batch_changes_all_its_families()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("old"u8, "x"u8, store.A);
        using WriteBatch batch = new();
        batch.Put("k"u8, "default"u8).Put("k"u8, "a"u8, store.A).Put("k"u8, "b"u8, store.B).Delete("old"u8, store.A);
        batch.Count().ShouldBe(4);
        store.Db.Get("k"u8).ShouldBeNull();
        store.Db.Write(batch, new WriteOptions().SetSync(true));
        store.Db.Get("k"u8).ShouldBe(Bytes.Of("default"));
        store.Db.Get("k"u8, store.A).ShouldBe(Bytes.Of("a"));
        store.Db.Get("k"u8, store.B).ShouldBe(Bytes.Of("b"));
        store.Db.Get("old"u8, store.A).ShouldBeNull();
    }

    [Fact]
    public void A_log_cut_anywhere_leaves_whole_batches_only()
    {
        using TemporaryDatabase store = new();
        using WriteBatch batch = new();
        for (int i = 0; i < 20; i++)
        {
            batch.Clear().Put(Bytes.Of(i), new byte[40], store.A).Put("count"u8, Bytes.Of(i + 1)).Put(Bytes.Of(i), new byte[20], store.B);
            store.Db.Write(batch);
        }

        string log = Directory.GetFiles(store.Path, "*.log").Single();
        int logLength = File.ReadAllBytes(log).Length;
        HashSet<int> survivors = [];
        for (int cut = 0; cut < logLength; cut += 97)
        {
            string copy = store.Beside("cut" + cut);
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(store.Path)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            using (FileStream cutLog = File.OpenWrite(Path.Combine(copy, Path.GetFileName(log)))) cutLog.SetLength(cut);
            using RocksDb db = RocksDb.Open(TemporaryDatabase.Options(), copy, store.Families());
            int count = db.Get("count"u8) is { } value ? Bytes.Number(value) : 0;
            for (int i = 0; i < 20; i++)
            {
                db.HasKey(Bytes.Of(i), db.GetColumnFamily("a")).ShouldBe(i < count);
                db.HasKey(Bytes.Of(i), db.GetColumnFamily("b")).ShouldBe(i < count);
            }

            survivors.Add(count);
        }

        survivors.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void A_range_is_deleted_up_to_but_without_its_end()
    {
        using TemporaryDatabase store = new();
        for (int i = 0; i < 10; i++) store.Db.Put(Bytes.Of(i), "v"u8, store.A);
        using WriteBatch batch = new();
        store.Db.Write(batch.DeleteRange(Bytes.Of(3), Bytes.Of(7), store.A));
        Enumerable.Range(0, 10).Where(i => store.Db.HasKey(Bytes.Of(i), store.A)).ShouldBe([0, 1, 2, 7, 8, 9]);
        store.Db.Flush(new FlushOptions(), store.A);
        store.Db.CompactRange(null, null, store.A);
        Enumerable.Range(0, 10).Where(i => store.Db.HasKey(Bytes.Of(i), store.A)).ShouldBe([0, 1, 2, 7, 8, 9]);
    }

    [Fact]
    public void A_reversed_range_is_refused_before_it_reaches_the_log()
    {
        using TemporaryDatabase store = new();
        using WriteBatch batch = new();
        Should.Throw<ArgumentException>(() => batch.DeleteRange("b"u8, "a"u8, store.A));
        Should.Throw<ArgumentException>(() => store.Db.CompactRange(Bytes.Of("b"), Bytes.Of("a"), store.A));
        batch.Count().ShouldBe(0);
    }

    [Fact]
    public void A_single_delete_removes_a_row_that_was_put_once()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "v"u8, store.A);
        store.Db.Flush(new FlushOptions(), store.A);
        using WriteBatch batch = new();
        store.Db.Write(batch.SingleDelete("k"u8, store.A));
        store.Db.Get("k"u8, store.A).ShouldBeNull();
        store.Db.Flush(new FlushOptions(), store.A);
        store.Db.CompactRange(null, null, store.A);
        store.Db.Get("k"u8, store.A).ShouldBeNull();
    }

    [Fact]
    public void A_save_point_takes_back_what_came_after_it()
    {
        using TemporaryDatabase store = new();
        using WriteBatch batch = new();
        batch.Put("kept"u8, "v"u8, store.A).SetSavePoint();
        long size = batch.DataSize;
        batch.Put("dropped"u8, "v"u8, store.A);
        batch.DataSize.ShouldBeGreaterThan(size);
        batch.RollbackToSavePoint();
        batch.DataSize.ShouldBe(size);
        Should.Throw<RocksDbException>(batch.RollbackToSavePoint);
        store.Db.Write(batch);
        store.Db.HasKey("kept"u8, store.A).ShouldBeTrue();
        store.Db.HasKey("dropped"u8, store.A).ShouldBeFalse();
    }

    [Fact]
    public async Task A_snapshot_never_sees_half_a_batch()
    {
        using TemporaryDatabase store = new();
        ColumnFamilyHandle a = store.A, b = store.B;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task writer = Task.Run(
            () =>
            {
                using WriteBatch batch = new();
                for (int i = 0; !stop.IsCancellationRequested; i++)
                    store.Db.Write(batch.Clear().Put("n"u8, Bytes.Of(i), a).Put("n"u8, Bytes.Of(i), b));
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 2000; i++)
        {
            using Snapshot snapshot = store.Db.CreateSnapshot();
            using ReadOptions options = new ReadOptions().SetSnapshot(snapshot);
            store.Db.Get("n"u8, a, options).ShouldBe(store.Db.Get("n"u8, b, options));
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public void A_batch_for_a_dropped_family_is_refused_and_the_database_goes_on()
    {
        using TemporaryDatabase store = new();
        ColumnFamilyHandle extra = store.Db.CreateColumnFamily(new ColumnFamilyOptions(), "extra");
        using WriteBatch batch = new();
        batch.Put("k"u8, "v"u8, store.A).Put("k"u8, "v"u8, extra);
        store.Db.DropColumnFamily("extra");
        Should.Throw<InvalidOperationException>(() => store.Db.Write(batch)).Message.ShouldContain("dropped");
        Should.Throw<InvalidOperationException>(() => store.Db.Get("k"u8, extra));
        store.Db.HasKey("k"u8, store.A).ShouldBeFalse();
        store.Db.Put("k"u8, "v"u8, store.A);
        batch.Dispose();
        store.Reopen();
        store.Db.HasKey("k"u8, store.A).ShouldBeTrue();
        store.Db.TryGetColumnFamily("extra", out _).ShouldBeFalse();
    }
}
