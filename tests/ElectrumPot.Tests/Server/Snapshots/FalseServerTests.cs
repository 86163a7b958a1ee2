// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Tests.Index.Snapshots;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

/// <summary>While no server runs any user of the machine may listen on its admin port.</summary>
public sealed class FalseServerTests
{
    [Theory]
    [InlineData("authorized_keys")]
    [InlineData("../../potcoin-60.tar")]
    [InlineData("/etc/potcoin-60.tar")]
    [InlineData("potcoin-60.tar.part")]
    [InlineData("-.tar")]
    public async Task It_cannot_choose_another_name_than_usual(string name)
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        await using ArchiveHost host = Pretend(server, [1, 2, 3], name);

        (int code, _, string error) = await server.CommandAsync("snapshot", "create");

        code.ShouldBe((int)ExitCode.NotRunning);
        error.ShouldContain("no snapshot with a name of the usual form");
        Directory.Exists(server.DataFolder).ShouldBeFalse();
        Directory.Exists(server["elsewhere"]).ShouldBeFalse();
    }

    [Fact]
    public async Task It_cannot_choose_another_folder_than_the_configured_one()
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        await using ArchiveHost host = Pretend(server, [1, 2, 3], "potcoin-60.tar");

        (int code, string made, string error) = await server.CommandAsync("snapshot", "create");

        code.ShouldBe(0, error);
        made.ShouldStartWith($"made {Path.Combine(server.DataFolder, "snapshots", "potcoin-60.tar")}, ");
        Directory.Exists(server["elsewhere"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_goes_on_where_the_server_does_not_tell_how_far_it_is()
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        using var fixture = new SnapshotFixture();
        await using ArchiveHost host = Pretend(server, fixture.Take(), "potcoin-24.tar");
        host.PauseUntilAskedAgain("snapshot");

        (int code, _, string error) = await server.CommandAsync("snapshot", "create", server["x.tar"]);

        code.ShouldBe(0, error);
        (await SnapshotServer.ReadManifestAsync(server["x.tar"])).Height.ShouldBe(24);
    }

    private static ArchiveHost Pretend(SnapshotServer server, byte[] archive, string name)
    {
        var host = new ArchiveHost();
        server.Write(adminPort: host.Port);
        host.Serve("status", JsonSerializer.SerializeToUtf8Bytes(
            new StatusReport
            {
                Version = "1",
                Pid = 1,
                Coin = "potcoin",
                State = "caught_up",
                Serving = true,
                Height = 60,
                Daemon = new DaemonReport("127.0.0.1:1", 60, true, "ok"),
                Sessions = 0,
                Subscriptions = 0,
                Mempool = new MempoolReport(0, 0),
                UptimeSeconds = 1,
                MemoryBytes = 1,
                DataFolder = server["elsewhere"],
                Ports = [],
                Warnings = [],
            },
            AdminJson.Default.StatusReport));
        host.ServeNamed("snapshot", archive, name);
        return host;
    }
}
