// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

public sealed class SnapshotDownloadTests : IAsyncLifetime
{
    private readonly ArchiveHost _host = new();
    private SnapshotServer _server = null!;
    private byte[] _archive = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SnapshotServer.ImportedAsync();
        _archive = await File.ReadAllBytesAsync(await _server.TakeAsync(), Cancellation);
        _server.RemoveIndex();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_is_fetched_from_the_configured_address_and_through_redirections()
    {
        _host.Serve("archive.tar", _archive);
        _host.Redirect("latest", _host.Address("archive.tar"));
        _server.Write(rocksDb: $"snapshot_url = {_host.Address("latest")}");

        (int code, string output, string error) = await _server.CommandAsync("snapshot", "restore");

        code.ShouldBe(0, error);
        output.ShouldContain("block 60");
        Directory.Exists(_server.Index).ShouldBeTrue();
    }

    [Fact]
    public async Task Redirections_without_an_end_are_not_followed()
    {
        _host.Redirect("a", _host.Address("b"));
        _host.Redirect("b", _host.Address("a"));

        await ShouldFailAsync("a", (int)ExitCode.CannotStart, "302");
    }

    [Fact]
    public async Task What_the_server_does_not_have_is_told() => await ShouldFailAsync("nothing", (int)ExitCode.CannotStart, "404");

    [Fact]
    public async Task Nobody_there_is_told()
    {
        (int code, _, string error) = await _server.CommandAsync("snapshot", "restore", $"http://127.0.0.1:{FreePort.Next()}/x.tar");

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain("cannot be fetched");
    }

    [Fact]
    public async Task A_connection_that_breaks_off_leaves_nothing()
    {
        _host.ServeCut("cut", _archive[..(_archive.Length / 2)], _archive.Length);

        await ShouldFailAsync("cut", (int)ExitCode.CannotStart, "broke off");
    }

    [Fact]
    public async Task A_file_that_is_short_on_the_other_side_is_damaged()
    {
        _host.Serve("short", _archive[..(_archive.Length / 2)]);

        await ShouldFailAsync("short", (int)ExitCode.Storage, "is cut short");
    }

    [Fact]
    public async Task A_page_in_place_of_the_file_is_no_snapshot()
    {
        _host.Serve("page", "<html>Please log in</html>"u8.ToArray());

        await ShouldFailAsync("page", (int)ExitCode.Storage, "is no snapshot");
    }

    [Fact]
    public async Task A_password_in_the_address_is_not_shown()
    {
        _host.Serve("page", "<html>Please log in</html>"u8.ToArray());
        string address = _host.Address("page").Replace("http://", "http://alice:secret@", StringComparison.Ordinal);

        (_, _, string error) = await _server.CommandAsync("snapshot", "restore", address);

        error.ShouldContain("is no snapshot");
        error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_connection_that_stands_still_is_given_up()
    {
        _host.ServeHanging("hanging", _archive[..1000], _archive.Length);
        using var http = new HttpClient();
        await using Stream body = await http.GetStreamAsync(_host.Address("hanging"), Cancellation);
        await using var stream = new DownloadStream(body, "it", patience: TimeSpan.FromMilliseconds(200));

        CommandFailure failure = await Should.ThrowAsync<CommandFailure>(async () => await stream.CopyToAsync(Stream.Null, Cancellation));

        failure.Message.ShouldContain("stands still");
    }

    private async Task ShouldFailAsync(string path, int expected, string reason)
    {
        (int code, _, string error) = await _server.CommandAsync("snapshot", "restore", _host.Address(path));

        code.ShouldBe(expected, error);
        error.ShouldContain(reason);
        error.ShouldContain(_host.Address(path));
        Directory.EnumerateFileSystemEntries(_server.DataFolder, "index*").ShouldBeEmpty();
    }
}
