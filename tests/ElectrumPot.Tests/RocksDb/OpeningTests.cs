// SPDX-License-Identifier: MIT

using System.Diagnostics;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class OpeningTests
{
    [Fact]
    public void A_missing_database_is_not_created_unasked()
    {
        using TemporaryDatabase store = new();
        string path = store.Beside("missing");
        RocksDbException e = Should.Throw<RocksDbException>(() => RocksDb.Open(new DbOptions(), path));
        e.Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        e.Message.ShouldContain("does not exist");
        File.Exists(Path.Combine(path, "CURRENT")).ShouldBeFalse();
        RocksDb.TryListColumnFamilies(new DbOptions(), path, out string[] none).ShouldBeFalse();
        none.ShouldBeEmpty();
        Should.Throw<RocksDbException>(() => RocksDb.ListColumnFamilies(new DbOptions(), path)).Kind.ShouldBe(RocksDbErrorKind.IoError);
    }

    [Fact]
    public void A_second_opening_in_this_process_says_so()
    {
        using TemporaryDatabase store = new();
        RocksDbException e = Should.Throw<RocksDbException>(() => store.Open());
        e.Kind.ShouldBe(RocksDbErrorKind.LockHeld);
        e.Message.ShouldStartWith($"This process already has the database {store.Path} open");
    }

    [Fact]
    public async Task A_database_locked_by_another_process_is_named()
    {
        using TemporaryDatabase store = new();
        store.Db.Dispose();
        const string TakeLock =
            "use Fcntl; open(my $f, '+<', $ARGV[0]) or die; my $lock = pack('ssx4qqlx4', F_WRLCK, 0, 0, 0, 0); " +
            "fcntl($f, F_SETLK, $lock) or die; $| = 1; print \"locked\\n\"; <STDIN>;";
        ProcessStartInfo start = new("perl", ["-e", TakeLock, Path.Combine(store.Path, "LOCK")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process holder = Process.Start(start)!;
        (await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("locked");
        RocksDbException e = Should.Throw<RocksDbException>(() => store.Open());
        e.Kind.ShouldBe(RocksDbErrorKind.LockHeld);
        e.Message.ShouldStartWith($"Another process uses the database {store.Path}");
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        store.Reopen();
    }

    [Fact]
    public void Families_left_out_or_unknown_are_named()
    {
        using TemporaryDatabase store = new();
        store.Db.Dispose();
        RocksDb.ListColumnFamilies(new DbOptions(), store.Path).ShouldBe(["default", "a", "b"], ignoreOrder: true);
        Should.Throw<RocksDbException>(() => RocksDb.Open(new DbOptions(), store.Path)).Message.ShouldContain("not opened");
        ColumnFamilies more = store.Families();
        more.Add("c", new ColumnFamilyOptions());
        RocksDbException e = Should.Throw<RocksDbException>(() => RocksDb.Open(new DbOptions(), store.Path, more));
        e.Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        e.Message.ShouldContain("c");
        store.Reopen();
        Should.Throw<KeyNotFoundException>(() => store.Db.GetColumnFamily("c")).Message.ShouldContain("'c'");
        Should.Throw<ArgumentException>(() => more.Add("c", new ColumnFamilyOptions()));
    }

    [Fact]
    public void A_read_only_opening_reads_beside_the_writer_and_refuses_to_write()
    {
        using TemporaryDatabase store = new();
        store.Db.Put("k"u8, "v"u8, store.A);
        using RocksDb reader = RocksDb.OpenReadOnly(new DbOptions(), store.Path, store.Families(), errIfLogFileExists: false);
        reader.Get("k"u8, reader.GetColumnFamily("a")).ShouldBe(Bytes.Of("v"));
        Should.Throw<RocksDbException>(() => reader.Put("k"u8, "w"u8)).Kind.ShouldBe(RocksDbErrorKind.NotSupported);
    }

    [Fact]
    public void A_database_destroyed_is_gone()
    {
        using TemporaryDatabase store = new();
        Should.Throw<RocksDbException>(() => RocksDb.Destroy(new DbOptions(), store.Path)).Kind.ShouldBe(RocksDbErrorKind.LockHeld);
        store.Db.Dispose();
        RocksDb.Destroy(new DbOptions(), store.Path);
        RocksDb.TryListColumnFamilies(new DbOptions(), store.Path, out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_option_the_server_tunes_is_accepted_and_takes_effect()
    {
        using TemporaryDatabase store = new();
        Cache cache = Cache.CreateLru(8 << 20);
        DbOptions options = TemporaryDatabase.Options()
            .SetMaxOpenFiles(64).SetMaxBackgroundJobs(2).IncreaseParallelism(2).SetMaxSubcompactions(2).SetBytesPerSync(1 << 20)
            .SetWalBytesPerSync(1 << 20).SetKeepLogFileNum(2).SetMaxLogFileSize(1 << 20).SetInfoLogLevel(InfoLogLevel.Warn)
            .SetMaxTotalWalSize(64 << 20).SetDbWriteBufferSize(16 << 20).EnableStatistics().SetParanoidChecks()
            .SetWalRecoveryMode(Recovery.PointInTime).SetStatsDumpPeriodSec(0).SetAtomicFlush(true).SetUseFsync(0)
            .SetAdviseRandomOnOpen(true).SetAvoidUnnecessaryBlockingIO(true).SetWalCompression(Compression.Zstd);
        ColumnFamilyOptions family = new ColumnFamilyOptions()
            .SetWriteBufferSize(1 << 20).SetMaxWriteBufferNumber(3).SetCompression(Compression.Lz4)
            .SetCompressionPerLevel([Compression.No, Compression.Lz4, Compression.Zstd], 3)
            .SetBottommostCompression(Compression.Zstd).SetBottommostCompressionOptions(3, 0)
            .SetLevelCompactionDynamicLevelBytes(true).SetTargetFileSizeBase(4 << 20).SetLevel0FileNumCompactionTrigger(4)
            .SetOptimizeFiltersForHits(1).SetMemtableWholeKeyFiltering(true).SetMemtablePrefixBloomSizeRatio(0.05)
            .SetBlockBasedTableFactory(new BlockBasedTableOptions()
                .SetBlockSize(16 << 10).SetBlockCache(cache).SetFilterPolicy(BloomFilterPolicy.CreateRibbon(10)).SetFormatVersion(5)
                .SetIndexType(BlockBasedTableIndexType.TwoLevelIndexSearch).SetPartitionFilters(true).SetDataBlockHashIndex(true)
                .SetCacheIndexAndFilterBlocks(true).SetCacheIndexAndFilterBlocksWithHighPriority(true)
                .SetPinL0FilterAndIndexBlocksInCache(true).SetPinTopLevelIndexAndFilter(true).SetMetadataBlockSize(4096));
        string path = store.Beside("tuned");
        using RocksDb db = RocksDb.Open(options, path, new ColumnFamilies { { "a", family } });
        ColumnFamilyHandle a = db.GetColumnFamily("a");
        for (int i = 0; i < 5000; i++) db.Put(Bytes.Of(i), new byte[50], a);
        db.Flush(new FlushOptions().SetWaitForFlush(true), a);
        db.CompactRange(null, null, a);
        db.Get(Bytes.Of(77), a).ShouldBe(new byte[50]);
        cache.GetUsage().ShouldBeGreaterThan(0UL);
        cache.GetCapacity().ShouldBe(8UL << 20);
        options.GetStatisticsString()!.ShouldContain("rocksdb.number.keys.written COUNT : 5000");
        new DbOptions().GetStatisticsString().ShouldBeNull();
        db.GetIntProperty("rocksdb.estimate-num-keys", a).ShouldBe(5000UL);
        db.GetIntProperty("rocksdb.no-such-property", a).ShouldBeNull();
        db.GetProperty("rocksdb.levelstats", a)!.ShouldContain("Level");
        db.GetProperty("rocksdb.no-such-property").ShouldBeNull();
        db.SetOptions([new("disable_auto_compactions", "true")], a);
        Should.Throw<RocksDbException>(() => db.SetOptions([new("no_such_option", "1")], a))
            .Kind.ShouldBe(RocksDbErrorKind.InvalidArgument);
        string stored = File.ReadAllText(Directory.GetFiles(path, "OPTIONS-*").Order(StringComparer.Ordinal).Last());
        stored.ShouldContain("ribbonfilter");
        stored.ShouldContain("bottommost_compression=kZSTD");
        stored.ShouldContain("disable_auto_compactions=true");
    }

    [Fact]
    public void The_library_tells_its_version_and_place()
    {
        RocksDbLibrary.Path.ShouldContain("librocksdb");
        Version.Parse(RocksDbLibrary.Version).Major.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public void A_missing_library_is_explained()
    {
        RocksDbException missing = Should.Throw<RocksDbException>(() => LibraryLoader.Load(["libnosuch.so.1"], null));
        missing.Kind.ShouldBe(RocksDbErrorKind.LibraryMissing);
        missing.Message.ShouldContain("apt-get install librocksdb7.8");
        missing.Message.ShouldContain("libnosuch.so.1");
        Should.Throw<RocksDbException>(() => LibraryLoader.Load(LibraryLoader.Candidates, "/nowhere/librocksdb.so"))
            .Message.ShouldContain("/nowhere/librocksdb.so");
        LibraryLoader.Load(["libnosuch.so.1", RocksDbLibrary.Path], null).ShouldNotBe(0);
        LibraryLoader.Load([], RocksDbLibrary.Path).ShouldNotBe(0);
    }

    [Theory]
    [InlineData("Corruption: block checksum mismatch", RocksDbErrorKind.Corruption)]
    [InlineData("IO error: No space left on device: While appending to file: /d/1.log: x", RocksDbErrorKind.NoSpace)]
    [InlineData("IO error: While pread offset 0 len 4096: /d/1.sst: Input/output error", RocksDbErrorKind.IoError)]
    [InlineData("Not implemented: Not supported operation in read only mode.", RocksDbErrorKind.NotSupported)]
    [InlineData("Operation aborted: ", RocksDbErrorKind.Other)]
    public void The_kind_of_an_error_is_read_from_the_librarys_text(string text, RocksDbErrorKind kind)
    {
        RocksDbException e = RocksDbException.Create(text, "/d");
        e.Kind.ShouldBe(kind);
        // What ends a line of the log does not end with a space.
        e.Message.ShouldBe(text.TrimEnd());
    }
}
