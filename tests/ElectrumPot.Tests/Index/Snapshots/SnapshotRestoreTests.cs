// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Json.Nodes;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Snapshots;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Snapshots;

/// <summary>Sound archives that do not fit where they are restored.</summary>
public sealed class SnapshotRestoreTests : IDisposable
{
    private readonly SnapshotFixture _fixture = new(pruningLimit: 100);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_database_that_is_there_is_kept_and_the_way_to_move_it_is_told()
    {
        Directory.CreateDirectory(_fixture.Target.Path);
        string file = Path.Combine(_fixture.Target.Path, "CURRENT");
        await File.WriteAllTextAsync(file, "precious", TestContext.Current.CancellationToken);

        string message = await RefusedAsync(_fixture.Target);

        message.ShouldContain($"mv {_fixture.Target.Path} {_fixture.Target.Path}.old");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("precious");
    }

    [Fact]
    public async Task A_database_that_appears_meanwhile_is_kept()
    {
        byte[] archive = _fixture.Take();
        string file = Path.Combine(_fixture.Target.Path, "CURRENT");

        await Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(archive, check: (_, cancellation) =>
        {
            Directory.CreateDirectory(_fixture.Target.Path);
            return File.WriteAllTextAsync(file, "precious", cancellation);
        }));

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("precious");
        _fixture.FindFiles().ShouldBe(["index", Path.Combine("index", "CURRENT")], ignoreOrder: true);
    }

    [Fact]
    public async Task An_empty_folder_is_no_database()
    {
        Directory.CreateDirectory(_fixture.Target.Path);
        await _fixture.RestoreAsync(_fixture.Take());
        using ChainIndex restored = ChainIndex.Open(_fixture.Target);
        SnapshotChecks.ShouldBeWhole(restored, _fixture.Chain.Blocks, pruningLimit: 100);
    }

    [Fact]
    public async Task An_index_that_a_link_leads_to_is_made_where_the_link_leads()
    {
        string disk = Path.Combine(_fixture.Folder, "disk");
        string place = Path.Combine(disk, "index");
        Directory.CreateDirectory(place);
        Directory.CreateSymbolicLink(_fixture.Target.Path, place);

        await _fixture.RestoreAsync(_fixture.Take());

        Directory.ResolveLinkTarget(_fixture.Target.Path, returnFinalTarget: true)!.FullName.ShouldBe(place);
        using ChainIndex restored = ChainIndex.Open(_fixture.Target);
        SnapshotChecks.ShouldBeWhole(restored, _fixture.Chain.Blocks, pruningLimit: 100);
        using (restored.PrepareSnapshot("1", DateTimeOffset.UtcNow)) Directory.Exists(place + ".snapshot").ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(disk).ShouldBe([place]);
    }

    [Fact]
    public async Task A_snapshot_of_another_coin_is_refused_with_both_names()
    {
        string message = await RefusedAsync(_fixture.Target with { Coin = CoinRegistry.BuiltIn.Get("litecoin-regtest") });

        message.ShouldContain("potcoin");
        message.ShouldContain("litecoin-regtest");
    }

    [Theory]
    [InlineData(101)]
    [InlineData(0)]
    public async Task A_limit_that_keeps_more_than_the_snapshot_is_refused_with_both_numbers(int limit)
    {
        string message = await RefusedAsync(_fixture.Target with { PruningLimit = limit });

        message.ShouldContain("made with pruning_limit = 100");
        message.ShouldContain($"pruning_limit = {limit} of the configuration");
        message.ShouldContain("set pruning_limit = 100 (or lower)");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task A_limit_that_keeps_no_more_is_fine(int limit)
    {
        IndexOptions options = _fixture.Target with { PruningLimit = limit };
        await _fixture.RestoreAsync(_fixture.Take(), options);
        using ChainIndex restored = ChainIndex.Open(options);
        SnapshotChecks.ShouldBeWhole(restored, _fixture.Chain.Blocks, limit);
    }

    [Fact]
    public async Task Transactions_that_are_wanted_and_not_there_are_a_reason_to_refuse()
    {
        string message = await RefusedAsync(_fixture.Target with { StoreTransactions = true });

        message.ShouldContain("set store_transactions = no");
    }

    [Fact]
    public async Task Transactions_that_are_there_and_not_wanted_are_no_obstacle()
    {
        using var fixture = new SnapshotFixture(storesTransactions: true);
        byte[] archive = fixture.Take();
        (await SnapshotFixture.VerifyAsync(archive)).StoreTransactions.ShouldBeTrue();

        await fixture.RestoreAsync(archive);
        using (ChainIndex same = ChainIndex.Open(fixture.Target))
        using (ChainView view = same.AcquireView())
            view.GetStoredTransaction(new TxLocation(7, 0)).ShouldBe(fixture.Chain.Blocks[7].Transactions[0].Raw);
        Directory.Delete(fixture.Target.Path, recursive: true);

        IndexOptions options = fixture.Target with { StoreTransactions = false };
        await fixture.RestoreAsync(archive, options);
        using ChainIndex restored = ChainIndex.Open(options);
        SnapshotChecks.ShouldBeWhole(restored, fixture.Chain.Blocks, pruningLimit: 100);
    }

    [Fact]
    public async Task Another_schema_is_refused()
    {
        byte[] archive = ChangeManifest(_fixture.Take(), root => root["schema"] = 1000);

        (await Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(archive))).Message.ShouldContain("schema 1000");
    }

    [Theory]
    [InlineData("coin", "\"plain\"")]
    [InlineData("height", "23")]
    [InlineData("hash", "\"00000000000000000000000000000000000000000000000000000000000000ff\"")]
    [InlineData("transactions", "1")]
    [InlineData("pruning_limit", "0")]
    [InlineData("store_transactions", "true")]
    public async Task A_manifest_that_lies_about_the_database_is_found_out(string member, string value)
    {
        byte[] archive = ChangeManifest(_fixture.Take(), root => root[member] = JsonNode.Parse(value));

        (await Should.ThrowAsync<SnapshotDamagedException>(() => _fixture.RestoreAsync(archive))).Message.ShouldContain("is not what its manifest says");

        _fixture.FindFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_holds_no_database_is_found_out()
    {
        byte[] archive = SnapshotFixture.Pack(
            ChangeManifestJson(SnapshotFixture.Unpack(_fixture.Take())[0].Content, root => root["files"] = JsonNode.Parse(
                """[{ "name": "readme", "size": 2, "sha256": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4" }]""")),
            ("readme", "hi"u8.ToArray()));

        (await Should.ThrowAsync<SnapshotDamagedException>(() => _fixture.RestoreAsync(archive))).Message.ShouldContain("holds no database that can be opened");

        _fixture.FindFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_the_disk_holds_is_not_begun()
    {
        byte[] archive = ChangeManifest(_fixture.Take(), root => root["files"]![0]!["size"] = 1L << 60);

        (await Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(archive))).Message.ShouldContain("MB free");

        _fixture.FindFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_written_before_the_check_has_passed()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => _fixture.RestoreAsync(_fixture.Take(), check: (manifest, _) =>
        {
            manifest.Height.ShouldBe(24);
            Directory.Exists(_fixture.Target.Path + ".restoring").ShouldBeFalse();
            throw new InvalidOperationException();
        }));

        _fixture.FindFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_interrupted_attempt_left_is_not_used_by_the_next_one()
    {
        string half = _fixture.Target.Path + ".restoring";
        Directory.CreateDirectory(half);
        await File.WriteAllTextAsync(Path.Combine(half, "000999.sst"), "half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(half + ".lock", "", TestContext.Current.CancellationToken);

        await _fixture.RestoreAsync(_fixture.Take());

        _fixture.FindFiles().ShouldNotContain(Path.Combine("index", "000999.sst"));
        _fixture.FindFiles().ShouldContain(Path.Combine("index", "LOCK"), "or nobody could keep a server out who reads it");
        Directory.Exists(half).ShouldBeFalse();
    }

    [Fact]
    public async Task A_start_removes_what_an_interrupted_attempt_left_but_not_what_one_under_way_needs()
    {
        string half = _fixture.Target.Path + ".restoring";
        Directory.CreateDirectory(half);
        SnapshotRestorer.RemoveLeftovers(_fixture.Target.Path);
        _fixture.FindFiles().ShouldBeEmpty();
        SnapshotRestorer.RemoveLeftovers(_fixture.Target.Path);

        await _fixture.RestoreAsync(_fixture.Take(), check: (_, _) =>
        {
            Should.Throw<SnapshotRefusedException>(() => SnapshotRestorer.RemoveLeftovers(_fixture.Target.Path)).Message.ShouldContain("is being restored");
            return Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(_fixture.Take()));
        });

        using ChainIndex restored = ChainIndex.Open(_fixture.Target);
        SnapshotChecks.ShouldBeWhole(restored, _fixture.Chain.Blocks, pruningLimit: 100);
    }

    [Fact]
    public async Task A_cancelled_one_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var restorer = new SnapshotRestorer(_fixture.Target);
        var stopper = new CancelAtFirst(cancellation);

        await Should.ThrowAsync<OperationCanceledException>(
            () => restorer.RestoreAsync(new MemoryStream(_fixture.Take()), "it", (_, _) => Task.CompletedTask, stopper, cancellation.Token));

        _fixture.FindFiles().ShouldBeEmpty();
    }

    private async Task<string> RefusedAsync(IndexOptions options)
    {
        string[] before = _fixture.FindFiles();
        string message = (await Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(_fixture.Take(), options))).Message;
        _fixture.FindFiles().ShouldBe(before);
        return message;
    }

    private static byte[] ChangeManifest(byte[] archive, Action<JsonObject> change)
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(archive);
        return SnapshotFixture.Pack(ChangeManifestJson(entries[0].Content, change), entries[2..]);
    }

    private static byte[] ChangeManifestJson(byte[] manifest, Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(manifest)!.AsObject();
        change(root);
        return JsonSerializer.SerializeToUtf8Bytes((JsonNode)root);
    }

    private sealed class CancelAtFirst(CancellationTokenSource cancellation) : IProgress<SnapshotProgress>
    {
        public void Report(SnapshotProgress value) => cancellation.Cancel();
    }
}
