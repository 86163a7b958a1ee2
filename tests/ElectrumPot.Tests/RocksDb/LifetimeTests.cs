// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class LifetimeTests
{
    [Fact]
    public void Everything_disposed_answers_with_an_exception()
    {
        using TemporaryDatabase store = new();
        RocksDb db = store.Db;
        ColumnFamilyHandle a = store.A;
        db.Put("k"u8, "v"u8, a);
        Iterator rows = db.NewIterator(a);
        rows.SeekToFirst().Dispose();
        Should.Throw<ObjectDisposedException>(() => rows.Valid());
        Should.Throw<ObjectDisposedException>(rows.SeekToFirst);
        Should.Throw<ObjectDisposedException>(rows.Next);
        Should.Throw<ObjectDisposedException>(rows.Key);

        Snapshot snapshot = db.CreateSnapshot();
        ReadOptions past = new ReadOptions().SetSnapshot(snapshot);
        snapshot.Dispose();
        Should.Throw<ObjectDisposedException>(() => db.Get("k"u8, a, past));
        Should.Throw<ObjectDisposedException>(() => db.NewIterator(a, past));
        past.Dispose();
        Should.Throw<ObjectDisposedException>(() => db.Get("k"u8, a, past));
        Should.Throw<ObjectDisposedException>(() => past.SetFillCache(true));

        WriteBatch batch = new();
        batch.Dispose();
        Should.Throw<ObjectDisposedException>(() => batch.Put("k"u8, "v"u8));
        Should.Throw<ObjectDisposedException>(() => db.Write(batch));

        SstFileWriter writer = new();
        writer.Dispose();
        Should.Throw<ObjectDisposedException>(() => writer.Open(store.Beside("x")));

        Checkpoint checkpoint = db.Checkpoint();
        checkpoint.Dispose();
        Should.Throw<ObjectDisposedException>(() => checkpoint.Save(store.Beside("y")));

        db.Dispose();
        db.Dispose();
        Should.Throw<ObjectDisposedException>(() => db.Get("k"u8, a));
        Should.Throw<ObjectDisposedException>(() => db.Put("k"u8, "v"u8, a));
        Should.Throw<ObjectDisposedException>(() => db.NewIterator(a));
        Should.Throw<ObjectDisposedException>(db.CreateSnapshot);
        Should.Throw<ObjectDisposedException>(() => db.GetColumnFamily("a"));
        Should.Throw<ObjectDisposedException>(() => db.GetProperty("rocksdb.stats"));
        Should.Throw<ObjectDisposedException>(() => new WriteBatch().Put("k"u8, "v"u8, a));
    }

    [Fact]
    public void A_database_disposed_first_closes_when_the_last_of_its_objects_goes()
    {
        using TemporaryDatabase store = new();
        RocksDb db = store.Db;
        db.Put("k"u8, "v"u8, store.A);
        db.Flush(new FlushOptions(), store.A);
        Iterator rows = db.NewIterator(store.A, new ReadOptions().SetIterateUpperBound("z"u8));
        Snapshot snapshot = db.CreateSnapshot();
        Checkpoint checkpoint = db.Checkpoint();
        WriteBatch batch = new WriteBatch().Put("k"u8, "v"u8, store.A);
        PinnedValue pinned = db.GetPinned("k"u8, store.A);

        db.Dispose();
        Should.Throw<ObjectDisposedException>(() => db.Get("k"u8));
        Bytes.Text(rows.SeekToFirst().ValueSpan).ShouldBe("v");
        Bytes.Text(pinned.Span).ShouldBe("v");
        Should.Throw<RocksDbException>(() => store.Open()).Kind.ShouldBe(RocksDbErrorKind.LockHeld);

        snapshot.Dispose();
        rows.Dispose();
        batch.Dispose();
        checkpoint.Dispose();
        pinned.Dispose();
        store.Reopen();
        store.Db.Get("k"u8, store.A).ShouldBe(Bytes.Of("v"));
    }

    [Fact]
    public void Forgotten_objects_are_freed_by_the_collector_in_any_order()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "v"u8, store.A);
        store.Db.Dispose();
        Forget(store);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        store.Reopen();
        store.Db.Get("k"u8, store.A).ShouldBe(Bytes.Of("v"));
    }

    [Fact]
    public async Task Readers_at_work_during_disposal_end_with_an_exception()
    {
        for (int round = 0; round < 3; round++)
        {
            using TemporaryDatabase store = new();
            RocksDb db = store.Db;
            ColumnFamilyHandle a = store.A;
            for (int i = 0; i < 1000; i++) db.Put(Bytes.Of(i), Bytes.Of(i), a);
            using CountdownEvent started = new(4);
            Task[] readers =
            [
                .. Enumerable.Range(0, 4).Select(kind => Task.Factory.StartNew(
                    () => ReadUntilDisposed(db, a, kind, started),
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)),
            ];
            started.Wait(TestContext.Current.CancellationToken);
            db.Dispose();
            await Task.WhenAll(readers);
            store.Reopen();
        }
    }

    [Fact]
    public void Opening_and_closing_over_and_over_leaves_nothing_open()
    {
        using TemporaryDatabase store = new();
        store.Db.Dispose();

        // Whatever stayed behind would keep the database open, and the next opening would meet its lock.
        for (int i = 0; i < 200; i++) OpenUseClose(store);
        Directory.GetFiles("/proc/self/fd")
            .Select(static link => new FileInfo(link).LinkTarget ?? "")
            .ShouldNotContain(target => target.StartsWith(store.Path, StringComparison.Ordinal));
    }

    private static void OpenUseClose(TemporaryDatabase store)
    {
        using RocksDb db = store.Open();
        ColumnFamilyHandle a = db.GetColumnFamily("a");
        using WriteBatch batch = new();
        db.Write(batch.Put("k"u8, new byte[1000], a));
        using Snapshot snapshot = db.CreateSnapshot();
        using ReadOptions options = new ReadOptions().SetSnapshot(snapshot).SetIteratePrefix("k"u8);
        using Iterator rows = db.NewIterator(a, options);
        rows.SeekToFirst().Valid().ShouldBeTrue();
        using PinnedValues values = db.MultiGetPinned("k"u8, 1, a);
        values.TryGet(0, out _).ShouldBeTrue();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(TemporaryDatabase store)
    {
        RocksDb db = store.Open();
        ColumnFamilyHandle a = db.GetColumnFamily("a");
        Snapshot snapshot = db.CreateSnapshot();
        db.NewIterator(a, new ReadOptions().SetSnapshot(snapshot).SetIterateLowerBound("a"u8)).SeekToFirst();
        new WriteBatch().Put("k"u8, "w"u8, a).Count().ShouldBe(1);
        new SstFileWriter().Open(store.Beside("forgotten.sst"));
        db.Checkpoint();
    }

    private static void ReadUntilDisposed(RocksDb db, ColumnFamilyHandle a, int kind, CountdownEvent started)
    {
        byte[] keys = [.. Enumerable.Range(0, 50).SelectMany(Bytes.Of)];
        bool first = true;
        while (true)
        {
            try
            {
                switch (kind)
                {
                    case 0:
                        db.Get(Bytes.Of(7), a).ShouldBe(Bytes.Of(7));
                        break;
                    case 1:
                        using (Iterator rows = db.NewIterator(a))
                        {
                            int count = 0;
                            for (rows.SeekToFirst(); rows.Valid(); rows.Next()) count++;
                            count.ShouldBe(1000);
                        }

                        break;
                    case 2:
                        using (PinnedValues values = db.MultiGetPinned(keys, 4, a)) values.TryGet(49, out _).ShouldBeTrue();
                        break;
                    default:
                        using (WriteBatch batch = new()) db.Write(batch.Put("w"u8, "v"u8));
                        break;
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (first) started.Signal();
            first = false;
        }
    }
}
