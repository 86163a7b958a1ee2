// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Index.Model;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Snapshots;

public sealed class SnapshotRoundTripTests
{
    [Fact]
    public async Task What_is_restored_answers_as_the_source_did_and_goes_on_from_there()
    {
        using var fixture = new SnapshotFixture(pruningLimit: 3);
        byte[] archive = fixture.Take();
        List<ModelBlock> blocks = [.. fixture.Chain.Blocks];

        await fixture.RestoreAsync(archive);

        using ChainIndex restored = ChainIndex.Open(fixture.Target);
        restored.Serving.IsCompleted.ShouldBeTrue();
        SnapshotChecks.ShouldBeWhole(restored, blocks, pruningLimit: 3);
        HashSet<HashX> touched = [];
        restored.Writer.TryDisconnect(touched).ShouldBeTrue();
        restored.Publish(touched);
        SnapshotChecks.ShouldBeWhole(restored, blocks[..^1], pruningLimit: 3);
    }

    [Fact]
    public async Task The_manifest_says_what_it_is()
    {
        using var fixture = new SnapshotFixture(pruningLimit: 7);
        using ChainView view = fixture.Source.Index.AcquireView();

        SnapshotManifest manifest = await SnapshotFixture.VerifyAsync(fixture.Take());

        manifest.Coin.ShouldBe("potcoin");
        manifest.Genesis.ShouldBe(IndexFixture.Potcoin.GenesisHash.ToString());
        manifest.Height.ShouldBe(24);
        manifest.Hash.ShouldBe(view.TipHash.ToString());
        manifest.Transactions.ShouldBe(fixture.Chain.Blocks.Sum(block => (long)block.Transactions.Count));
        manifest.PruningLimit.ShouldBe(7);
        manifest.ReorgLimit.ShouldBe(100);
        manifest.StoreTransactions.ShouldBeFalse();
        manifest.Schema.ShouldBe(IndexStore.Schema);
        manifest.Server.ShouldBe("1.2.3");
        manifest.Created.ShouldBe(new DateTimeOffset(2031, 5, 6, 4, 8, 9, TimeSpan.Zero));
        manifest.TotalBytes.ShouldBe(manifest.Files.Sum(file => file.Size));
    }

    [Fact]
    public void It_is_a_tar_archive_that_every_tool_reads_and_whose_checksums_are_those_of_its_files()
    {
        using var fixture = new SnapshotFixture();

        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(fixture.Take());

        entries[0].Name.ShouldBe("manifest.json");
        entries[1].Name.ShouldBe("manifest.json.sha256");
        System.Text.Encoding.ASCII.GetString(entries[1].Content).ShouldBe($"{Convert.ToHexStringLower(SHA256.HashData(entries[0].Content))}  manifest.json\n");
        using JsonDocument manifest = JsonDocument.Parse(entries[0].Content);
        manifest.RootElement.GetProperty("files").EnumerateArray()
            .Select(file => (file.GetProperty("name").GetString()!, file.GetProperty("size").GetInt64(), file.GetProperty("sha256").GetString()!))
            .ShouldBe(entries.Skip(2).Select(entry => (entry.Name, (long)entry.Content.Length, Convert.ToHexStringLower(SHA256.HashData(entry.Content)))));
        entries.Select(entry => entry.Name).ShouldContain("CURRENT");
        // They would tell strangers where the database lies.
        entries.ShouldNotContain(entry => entry.Name.StartsWith("OPTIONS") || entry.Name.StartsWith("LOG"));
        entries.Skip(2).ShouldAllBe(entry => !System.Text.Encoding.Latin1.GetString(entry.Content).Contains(fixture.Source.Options.Path));
    }

    [Fact]
    public void The_length_is_known_before_the_first_byte()
    {
        using var fixture = new SnapshotFixture();
        using SnapshotArchive archive = fixture.Source.Index.PrepareSnapshot("1.2.3", DateTimeOffset.UtcNow);
        using var bytes = new MemoryStream();
        var steps = new Recorder();

        archive.Write(bytes, steps, CancellationToken.None);

        bytes.Length.ShouldBe(archive.Length);
        archive.FileName.ShouldBe("potcoin-24.tar");
        steps.Seen.Select(step => step.Step).Distinct().ShouldBe(["checking", "writing"]);
        steps.Seen[^1].Done.ShouldBe(steps.Seen[^1].Total);
    }

    [Fact]
    public void Making_one_leaves_nothing_beside_the_index()
    {
        using var fixture = new SnapshotFixture();
        string place = fixture.Source.Options.Path + ".snapshot";

        using (fixture.Source.Index.PrepareSnapshot("1.2.3", DateTimeOffset.UtcNow)) Directory.Exists(place).ShouldBeTrue();

        Directory.Exists(place).ShouldBeFalse();
    }

    [Fact]
    public void What_a_killed_process_left_beside_the_index_is_gone_after_the_next_opening()
    {
        using var fixture = new SnapshotFixture();
        string place = fixture.Source.Options.Path + ".snapshot";
        Directory.CreateDirectory(Path.Combine(place, "checkpoint.tmp"));
        File.WriteAllText(Path.Combine(place, "checkpoint.tmp", "000001.sst"), "half");

        fixture.Source.Reopen();

        Directory.Exists(place).ShouldBeFalse();
        fixture.Take().ShouldNotBeEmpty();
    }

    [Fact]
    public void An_index_that_is_not_complete_is_refused_and_left_alone()
    {
        using var folder = new TestFolder();
        var options = new IndexOptions { Coin = IndexFixture.Potcoin, Path = folder["index"] };
        using (ChainIndex index = ChainIndex.Open(options))
            Should.Throw<SnapshotRefusedException>(() => index.PrepareSnapshot("1", DateTimeOffset.UtcNow)).Message.ShouldContain("is not complete");
        Should.Throw<SnapshotRefusedException>(() => StoppedDatabase.Open(options)).Message.ShouldContain("is not complete");

        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBe([options.Path]);
    }

    [Fact]
    public async Task A_stopped_database_keeps_its_limit_whatever_the_configuration_says()
    {
        using var fixture = new SnapshotFixture(pruningLimit: 9);
        fixture.Source.Index.Dispose();
        byte[] archive;
        using (ChainIndex stopped = StoppedDatabase.Open(fixture.Source.Options with { PruningLimit = 2 }))
        using (SnapshotArchive prepared = stopped.PrepareSnapshot("1", DateTimeOffset.UtcNow))
        {
            using var bytes = new MemoryStream();
            prepared.Write(bytes, progress: null, CancellationToken.None);
            archive = bytes.ToArray();
        }

        (await SnapshotFixture.VerifyAsync(archive)).PruningLimit.ShouldBe(9);
        fixture.Source.Reopen();
        fixture.Source.Index.Serving.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void A_stopped_database_that_is_not_there_is_told_and_not_made()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        Should.Throw<IndexMissingException>(() => StoppedDatabase.Open(new IndexOptions { Coin = IndexFixture.Potcoin, Path = path })).Message.ShouldContain(path);

        Directory.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task Cancelling_ends_it_between_two_reads()
    {
        using var fixture = new SnapshotFixture();
        using SnapshotArchive archive = fixture.Source.Index.PrepareSnapshot("1", DateTimeOffset.UtcNow);
        using var cancellation = new CancellationTokenSource();
        var stopper = new Recorder { OnReport = cancellation.Cancel };

        await Should.ThrowAsync<OperationCanceledException>(() => BackgroundThread.RunAsync("test", () =>
        {
            archive.Write(Stream.Null, stopper, cancellation.Token);
            return true;
        }));

        stopper.Seen.Count.ShouldBe(1);
    }

    private sealed class Recorder : IProgress<SnapshotProgress>
    {
        public List<SnapshotProgress> Seen { get; } = [];

        public Action? OnReport { get; init; }

        public void Report(SnapshotProgress value)
        {
            Seen.Add(value);
            OnReport?.Invoke();
        }
    }
}
