// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Measuring;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Measuring;

public sealed class WrittenBytesTests
{
    [Fact]
    public void The_kernel_s_account_is_read_by_its_names() =>
        WrittenBytes.Parse("rchar: 1\nwchar: 22\nsyscr: 3\nread_bytes: 0\nwrite_bytes: 4096\ncancelled_write_bytes: 7\n"u8).ShouldBe((4096, 22));

    [Theory]
    [InlineData("")]
    [InlineData("wchar: 22\n")]
    [InlineData("wchar: \nwrite_bytes: x\n")]
    public void An_account_without_them_tells_nothing(string account) =>
        WrittenBytes.Parse(System.Text.Encoding.ASCII.GetBytes(account)).ShouldBeNull();

    [Fact]
    public void What_is_written_is_counted_from_the_start_on_any_file_system()
    {
        const int Size = 3 << 20;
        using var folder = new TemporaryDirectory();
        var written = new WrittenBytes(folder.Path);

        File.WriteAllBytes(Path.Combine(folder.Path, "rows"), new byte[Size]);
        written.Count().ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(Size);
    }

    private sealed class TemporaryDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("electrum-pot-written-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
