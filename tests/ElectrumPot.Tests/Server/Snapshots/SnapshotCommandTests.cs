// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

public sealed class SnapshotCommandTests
{
    [Fact]
    public async Task A_stopped_database_is_copied_checked_and_restored()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();

        (int created, string made, string error) = await server.CommandAsync("snapshot", "create");
        string file = Path.Combine(server.DataFolder, "snapshots", "potcoin-60.tar");
        created.ShouldBe(0, error);
        made.ShouldStartWith($"made {file}, ");
        Directory.EnumerateFileSystemEntries(Path.Combine(server.DataFolder, "snapshots")).ShouldBe([file]);

        (int verified, string text, _) = await SnapshotServer.RunAsync("snapshot", "verify", file);
        verified.ShouldBe(0);
        text.ShouldContain($"block         60, {server.Node.Chain.Tip.Hash}\n");
        text.ShouldContain("settings      pruning_limit = 100, reorg_limit = 1440, store_transactions = no\n");
        text.ShouldContain("checksums     all right\n");

        server.RemoveIndex();
        (int restored, string said, error) = await server.CommandAsync("snapshot", "restore", file);
        restored.ShouldBe(0, error);
        said.ShouldBe($"restored {server.Index} from {file}: block 60. The server goes on from there when it is started\n");
        server.Node.MineBlocks(3);
        await server.WhileServingAsync(async client =>
            await Poll.UntilAsync(async () => (await client.GetStatusAsync(TestContext.Current.CancellationToken)).Height == 63));
    }

    [Fact]
    public async Task Verify_has_json_for_scripts()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();

        (_, string output, _) = await SnapshotServer.RunAsync("snapshot", "verify", "--json", file);

        using JsonDocument json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("source").GetString().ShouldBe(file);
        json.RootElement.GetProperty("height").GetInt32().ShouldBe(60);
        json.RootElement.GetProperty("pruning_limit").GetInt32().ShouldBe(100);
        json.RootElement.GetProperty("rocksdb").GetString().ShouldBe(ServerVersion.RocksDb);
        json.RootElement.GetProperty("bytes").GetInt64().ShouldBe((await SnapshotServer.ReadManifestAsync(file)).TotalBytes);
    }

    [Fact]
    public async Task A_damaged_one_has_exit_code_4_and_one_line()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        server.RemoveIndex();

        foreach (string[] command in new string[][] { ["snapshot", "verify", file], ["snapshot", "restore", file, "--config", server.ConfigurationFile] })
        {
            (int code, string output, string error) = await SnapshotServer.RunAsync(command);
            code.ShouldBe((int)ExitCode.Storage);
            output.ShouldBeEmpty();
            error.ShouldMatch($"^error: The snapshot {file} is damaged: [^\n]*\n$");
        }

        Directory.Exists(server.Index).ShouldBeFalse();
        Directory.Exists(server.Index + ".restoring").ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        await File.WriteAllTextAsync(server["precious.tar"], "precious", TestContext.Current.CancellationToken);

        (int code, _, string error) = await server.CommandAsync("snapshot", "create", server["precious.tar"]);

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain("exists already");
        (await File.ReadAllTextAsync(server["precious.tar"], TestContext.Current.CancellationToken)).ShouldBe("precious");
        File.Exists(server["precious.tar.part"]).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_killed_attempt_left_is_overwritten()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string folder = Path.Combine(server.DataFolder, "snapshots");
        Directory.CreateDirectory(folder);
        foreach (string part in new[] { Path.Combine(folder, "potcoin-59.tar.part"), server["x.tar.part"] })
            await File.WriteAllBytesAsync(part, new byte[1 << 20], TestContext.Current.CancellationToken);

        await SnapshotServer.ReadManifestAsync(await server.TakeAsync());
        await server.CommandAsync("snapshot", "create");

        Directory.EnumerateFiles(folder).ShouldBe([Path.Combine(folder, "potcoin-60.tar")]);
        File.Exists(server["x.tar.part"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_there_is_no_database_nothing_is_made()
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        server.Write();

        (int code, _, string error) = await server.CommandAsync("snapshot", "create");

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain($"There is no database in {server.Index}");
        Directory.Exists(server.DataFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_that_is_there_is_refused_or_left_as_asked()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();

        (int code, _, string error) = await server.CommandAsync("snapshot", "restore", file);
        (int left, string said, _) = await server.CommandAsync("snapshot", "restore", "--if-absent", file);

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain($"mv {server.Index} {server.Index}.old");
        left.ShouldBe(0);
        said.ShouldContain("nothing was restored");
    }

    [Fact]
    public async Task A_daemon_on_another_chain_refuses_it_even_unchecked()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();
        server.RemoveIndex();
        server.Node.Reorg(depth: 5, newBlocks: 6);

        foreach (string[] option in new string[][] { [], ["--unchecked"] })
        {
            (int code, _, string error) = await server.CommandAsync(["snapshot", "restore", file, .. option]);
            code.ShouldBe((int)ExitCode.CannotStart);
            error.ShouldContain("is not on the chain of the daemon");
            error.ShouldContain(server.Node.Chain.BlockAt(60).Hash.ToString());
        }

        Directory.EnumerateFileSystemEntries(server.DataFolder, "index*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_daemon_that_is_shorter_refuses_it()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();
        server.RemoveIndex();
        server.Node.Faults.Reindexing(fromHeight: 20);

        (int code, _, string error) = await server.CommandAsync("snapshot", "restore", file, "--unchecked");

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain("has only 20 blocks, the snapshot is of block 60");
    }

    [Fact]
    public async Task A_daemon_that_is_away_refuses_it_unless_told_otherwise()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();
        server.RemoveIndex();
        server.Write(rpcPort: FreePort.Next());

        (int code, _, string error) = await server.CommandAsync("snapshot", "restore", file);
        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain("cannot be reached");
        error.ShouldContain("--unchecked");
        Directory.Exists(server.Index).ShouldBeFalse();

        (code, string output, error) = await server.CommandAsync("snapshot", "restore", file, "--unchecked");
        code.ShouldBe(0, error);
        output.ShouldStartWith("warning: ");
        using ChainIndex restored = ChainIndex.Open(PartOptions.Index(ConfigurationFile.Load(server.ConfigurationFile)));
        using ChainView view = restored.AcquireView();
        view.TipHash.ShouldBe(server.Node.Chain.Tip.Hash);
    }

    [Fact]
    public async Task A_limit_above_that_of_the_snapshot_is_refused_before_the_daemon_is_asked()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string file = await server.TakeAsync();
        server.RemoveIndex();
        server.Write(rpcPort: FreePort.Next(), rocksDb: "pruning_limit = 5000");

        (int code, _, string error) = await server.CommandAsync("snapshot", "restore", file);

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldContain("set pruning_limit = 100 (or lower)");
    }

    [Fact]
    public async Task It_is_offered_where_there_is_an_address_and_no_database()
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        server.Write();
        (await server.CommandAsync("snapshot", "offer")).ShouldBe((0, "", ""));
        (int code, _, string error) = await server.CommandAsync("snapshot", "restore");
        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldContain("[rocksdb] snapshot_url");

        server.Write(rocksDb: "snapshot_url = https://example.org/potcoin-latest.tar");
        (await server.CommandAsync("snapshot", "offer")).ShouldBe((0, "https://example.org/potcoin-latest.tar\n", ""));

        Directory.CreateDirectory(server.Index);
        (await server.CommandAsync("snapshot", "offer")).Output.ShouldNotBeEmpty();
        await File.WriteAllTextAsync(Path.Combine(server.Index, "CURRENT"), "", TestContext.Current.CancellationToken);
        (await server.CommandAsync("snapshot", "offer")).ShouldBe((0, "", ""));
    }
}
