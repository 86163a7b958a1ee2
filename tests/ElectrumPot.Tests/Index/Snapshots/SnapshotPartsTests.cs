// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Snapshots;

public sealed class SnapshotPartsTests
{
    [Fact]
    public void A_file_has_its_name_only_when_it_is_whole()
    {
        using var folder = new TestFolder();
        string path = folder[Path.Combine("new", "x.tar")];
        using (PartFile broken = PartFile.Create(path, length: 3)) broken.Stream.Write("ab"u8);
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();

        using PartFile whole = PartFile.Create(path, length: 3);
        whole.Stream.Write("abc"u8);
        File.Exists(path).ShouldBeFalse();
        whole.Complete();

        whole.Dispose();
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldBe([path]);
        File.ReadAllText(path).ShouldBe("abc");
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_kept()
    {
        using var folder = new TestFolder();
        using PartFile part = PartFile.Create(folder["x.tar"], length: 3);
        folder.Write("x.tar", "precious");

        Should.Throw<SnapshotRefusedException>(part.Complete).Message.ShouldContain("exists already");

        part.Dispose();
        File.ReadAllText(folder["x.tar"]).ShouldBe("precious");
        Directory.EnumerateFiles(folder.Path).ShouldBe([folder["x.tar"]]);
    }

    [Fact]
    public void More_than_the_disk_holds_is_not_begun()
    {
        using var folder = new TestFolder();

        string message = Should.Throw<SnapshotRefusedException>(() => PartFile.Create(folder["x.tar"], length: 1L << 60)).Message;

        message.ShouldContain("MB free");
        message.ShouldContain("1,152,921,504,607 MB");
        Directory.EnumerateFiles(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100, 1_000_000, false, 67)] // the margin of any disk
    [InlineData(100, 1_000_000, true, 1_073)] // at least 1 GB for a database
    [InlineData(50_000, 1_000_000, true, 5_000)] // or a tenth of it
    [InlineData(100, 1_000, true, 500)] // half of a small disk
    [InlineData(1, 100, true, 67)]
    public void A_database_keeps_room_on_its_disk(long bytes, long free, bool isDiskOfIndex, long reserve) =>
        (FreeSpace.Reserve(bytes * 1_000_000, free * 1_000_000, isDiskOfIndex) / 1_000_000).ShouldBe(reserve);

    [Fact]
    public void The_message_names_the_database_where_it_is_on_the_same_disk()
    {
        using var folder = new TestFolder();

        Should.Throw<SnapshotRefusedException>(() => PartFile.Create(folder["x.tar"], length: 1L << 60, indexPath: folder.Path)).Message
            .ShouldContain("for the database, which lies on it too");
        Should.Throw<SnapshotRefusedException>(() => PartFile.Create(folder["x.tar"], length: 1L << 60, indexPath: folder["none"])).Message
            .ShouldNotContain("for the database");
    }

    [Fact]
    public void What_is_being_written_is_no_leftover()
    {
        using var folder = new TestFolder();
        folder.Write("old.tar.part", "left by a killed process");
        using PartFile part = PartFile.Create(folder["x.tar"], length: 3);
        part.Stream.Write("ab"u8);

        PartFile.RemoveLeftovers(folder.Path, "*.tar");
        Should.Throw<SnapshotRefusedException>(() => PartFile.Create(folder["x.tar"], length: 3)).Message.ShouldContain("is being written by another process");

        Directory.EnumerateFiles(folder.Path).ShouldBe([folder["x.tar.part"]]);
        part.Stream.Write("c"u8);
        part.Complete();
        File.ReadAllText(folder["x.tar"]).ShouldBe("abc");
    }

    [Fact]
    public void A_link_in_the_place_of_a_leftover_is_not_followed()
    {
        using var folder = new TestFolder();
        folder.Write("precious", "precious");
        foreach (string name in new[] { "x.tar.part", "y.tar.part" }) File.CreateSymbolicLink(folder[name], folder["precious"]);

        using PartFile part = PartFile.Create(folder["x.tar"], length: 3);
        part.Stream.Write("abc"u8);
        part.Complete();
        PartFile.RemoveLeftovers(folder.Path, "*.tar");

        File.ReadAllText(folder["precious"]).ShouldBe("precious");
        Directory.EnumerateFiles(folder.Path).ShouldBe([folder["precious"], folder["x.tar"]], ignoreOrder: true);
    }

    /// <summary>The nineteenth field of a thread's line in /proc is its niceness (proc(5)); its name may contain anything.</summary>
    [Fact]
    public async Task Work_in_the_background_steps_back_and_nothing_else_does()
    {
        static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ')[17], CultureInfo.InvariantCulture);
        int before = Niceness();

        (await BackgroundThread.RunAsync("a (name)", Niceness)).ShouldBe(19);

        Niceness().ShouldBe(before);
    }

    [Fact]
    public async Task What_goes_wrong_in_the_background_is_told_in_the_foreground() =>
        (await Should.ThrowAsync<FormatException>(() => BackgroundThread.RunAsync<int>("x", () => throw new FormatException("why")))).Message.ShouldBe("why");
}
