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
