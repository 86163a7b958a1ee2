// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ElectrumPot.Index.Snapshots;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Snapshots;

/// <summary>Whatever is wrong with an archive, it is told in a sentence, and nothing of it stays.</summary>
public sealed class SnapshotDamageTests : IDisposable
{
    private readonly SnapshotFixture _fixture = new();
    private readonly byte[] _archive;

    public SnapshotDamageTests() => _archive = _fixture.Take();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Any_changed_byte_is_found()
    {
        Arbitrary<(int Place, byte Change)> changes =
            (from place in Gen.Choose(0, _archive.Length - 1) from change in Gen.Choose(1, 255) select (place, (byte)change)).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(changes, change =>
        {
            byte[] changed = [.. _archive];
            changed[change.Place] ^= change.Change;
            ShouldBeDamaged(changed);
        }));
    }

    [Fact]
    public void Every_byte_of_the_first_headers_counts()
    {
        int headers = Array.LastIndexOf(_archive, (byte)'}', 8192);
        for (int place = 0; place < headers; place++)
        {
            byte[] changed = [.. _archive];
            changed[place] ^= 0x20;
            ShouldBeDamaged(changed);
        }
    }

    [Fact]
    public void Any_loss_at_the_end_is_found()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Gen.Choose(0, _archive.Length - 1).ToArbitrary(), length => ShouldBeDamaged(_archive[..length])));
        ShouldBeDamaged(_archive[..^1]);
        ShouldBeDamaged(_archive[..^1024]);
        ShouldBeDamaged([]);
    }

    [Fact]
    public void Any_piece_that_is_missing_doubled_or_moved_is_found()
    {
        var cuts = (from first in Gen.Choose(0, _archive.Length - 2) from length in Gen.Choose(1, 4096) select (First: first, Length: Math.Min(length, _archive.Length - 1 - first))).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(cuts, cut =>
        {
            byte[] piece = _archive[cut.First..(cut.First + cut.Length)];
            byte[] rest = _archive[(cut.First + cut.Length)..];
            // Zeros more or less at the very end mean nothing.
            if (rest.AsSpan().ContainsAnyExcept((byte)0)) ShouldBeDamaged([.. _archive[..cut.First], .. rest]);
            if (rest.AsSpan().ContainsAnyExcept((byte)0)) ShouldBeDamaged([.. _archive[..cut.First], .. piece, .. piece, .. rest]);
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<!doctype html><title>404</title>")]
    [InlineData("PK\u0003\u0004")]
    public async Task What_is_no_snapshot_at_all_is_told(string text)
    {
        byte[] content = Encoding.Latin1.GetBytes(text.PadRight(text.Length == 0 ? 0 : 2000));

        (await Should.ThrowAsync<SnapshotDamagedException>(() => _fixture.RestoreAsync(content))).Message.ShouldBe("it is no snapshot: it does not begin with a manifest.json.");
    }

    [Fact]
    public async Task A_file_more_is_refused()
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. entries, ("999999.sst", [1])]), "something stands behind the last file of the manifest");
        await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. entries[..3], ("999999.sst", [1]), .. entries[3..]]), "999999.sst stands where");
    }

    [Fact]
    public async Task A_file_less_or_in_another_place_is_refused()
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        await ShouldBeRefusedAsync(SnapshotFixture.Pack(entries[..^1]), $"it ends before {entries[^1].Name}");
        await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. entries[..2], entries[3], entries[2], .. entries[4..]]), $"{entries[3].Name} stands where {entries[2].Name} should be");
    }

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("/tmp/escaped")]
    [InlineData("folder/escaped")]
    [InlineData(".hidden")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("CURRENT\u001b[2J")]
    [InlineData("back\\slash")]
    [InlineData("manifest.json")]
    public async Task A_name_that_is_no_plain_file_name_is_refused_in_the_manifest_and_in_the_archive(string name)
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        byte[] manifest = Change(entries[0].Content, root => root["files"]![0]!["name"] = name);

        await ShouldBeRefusedAsync(SnapshotFixture.Pack(manifest, entries[2..]), "something other than a plain file name");
        if (name.Length > 0)
            await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. entries[..2], (name, entries[2].Content), .. entries[3..]]), $"{entries[2].Name} should be");
    }

    [Fact]
    public async Task A_name_that_stands_twice_is_refused()
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        byte[] manifest = Change(entries[0].Content, root => root["files"]![1]!["name"] = root["files"]![0]!["name"]!.GetValue<string>());
        await ShouldBeRefusedAsync(SnapshotFixture.Pack(manifest, entries[2..]), "twice");
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Directory)]
    [InlineData(TarEntryType.Fifo)]
    public async Task Anything_but_a_regular_file_is_refused(TarEntryType type)
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        var odd = new UstarTarEntry(type, entries[2].Name);
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) odd.LinkName = "/etc/passwd";
        TarEntry[] before = [.. entries[..2].Select(entry => new UstarTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(entry.Content) })];

        await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. before, odd]), "no regular file");
    }

    [Fact]
    public async Task A_long_name_of_an_extension_is_refused_before_memory_is_taken_for_it()
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        TarEntry[] before = [.. entries[..2].Select(entry => new UstarTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(entry.Content) })];

        await ShouldBeRefusedAsync(SnapshotFixture.Pack([.. before, new PaxTarEntry(TarEntryType.RegularFile, new string('x', 5000))]), "no regular file");
    }

    [Fact]
    public async Task A_size_that_differs_between_manifest_and_archive_is_refused()
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        byte[] larger = Change(entries[0].Content, root => root["files"]![0]!["size"] = entries[2].Content.Length + 1);
        await ShouldBeRefusedAsync(SnapshotFixture.Pack(larger, entries[2..]), $"{entries[2].Name} has {entries[2].Content.Length} bytes instead of {entries[2].Content.Length + 1}");
    }

    [Fact]
    public async Task A_manifest_larger_than_any_of_ours_is_not_read()
    {
        byte[] huge = new byte[17 << 20];
        Array.Fill(huge, (byte)' ');
        (await Should.ThrowAsync<SnapshotDamagedException>(() => _fixture.RestoreAsync(SnapshotFixture.Pack(huge)))).Message.ShouldContain("no snapshot");
    }

    [Theory]
    [InlineData("size", "-1", "impossible size")]
    [InlineData("size", "9223372036854775807", "impossible size")]
    [InlineData("sha256", "\"00\"", "no checksum")]
    [InlineData("sha256", "null", "not the JSON of a manifest")]
    public async Task Senseless_values_of_a_file_are_refused(string member, string value, string reason)
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        byte[] manifest = Change(entries[0].Content, root => root["files"]![1]![member] = JsonNode.Parse(value));
        await ShouldBeRefusedAsync(SnapshotFixture.Pack(manifest, entries[2..]), reason);
    }

    [Theory]
    [InlineData("height", "-1", "a number out of range")]
    [InlineData("format", "0", "a number out of range")]
    [InlineData("pruning_limit", "-5", "a number out of range")]
    [InlineData("coin", "\"pot\\u001b[31mcoin\"", "odd characters")]
    [InlineData("hash", "\"\"", "no hash where one belongs")]
    [InlineData("created", "\"2031-05-06T04:08:09+02:00\"", "not UTC")]
    [InlineData("created", "\"yesterday\"", "not the JSON of a manifest")]
    [InlineData("files", "[]", "names no file")]
    [InlineData("files", "[null]", "plain file name")]
    [InlineData("files", "null", "not the JSON of a manifest")]
    [InlineData("schema", null, "not the JSON of a manifest")]
    public async Task Senseless_values_of_the_manifest_are_refused(string member, string? value, string reason)
    {
        List<(string Name, byte[] Content)> entries = SnapshotFixture.Unpack(_archive);
        byte[] manifest = Change(entries[0].Content, root =>
        {
            if (value is null) root.Remove(member);
            else root[member] = JsonNode.Parse(value);
        });
        await ShouldBeRefusedAsync(SnapshotFixture.Pack(manifest, entries[2..]), reason);
    }

    [Fact]
    public async Task A_later_format_asks_for_a_later_server()
    {
        byte[] manifest = """{ "format": 2, "everything": "else differs" }"""u8.ToArray();

        (await Should.ThrowAsync<SnapshotRefusedException>(() => _fixture.RestoreAsync(SnapshotFixture.Pack(manifest)))).Message.ShouldContain("format 2");
    }

    private static byte[] Change(byte[] manifest, Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(manifest)!.AsObject();
        change(root);
        return JsonSerializer.SerializeToUtf8Bytes((JsonNode)root);
    }

    private static void ShouldBeDamaged(byte[] archive)
    {
        string message = Should.Throw<SnapshotDamagedException>(() => SnapshotFixture.VerifyAsync(archive)).Message;
        bool isClear = message.StartsWith("The snapshot it is damaged: ", StringComparison.Ordinal) || message.StartsWith("it is no snapshot: ", StringComparison.Ordinal);
        isClear.ShouldBeTrue(message);
    }

    private async Task ShouldBeRefusedAsync(byte[] archive, string reason)
    {
        string message = (await Should.ThrowAsync<SnapshotDamagedException>(() => _fixture.RestoreAsync(archive))).Message;
        message.ShouldContain(reason);
        message.ShouldNotContain("\u001b");
        (await Should.ThrowAsync<SnapshotDamagedException>(() => SnapshotFixture.VerifyAsync(archive))).Message.ShouldBe(message);
        _fixture.FindFiles().ShouldBeEmpty();
    }
}
