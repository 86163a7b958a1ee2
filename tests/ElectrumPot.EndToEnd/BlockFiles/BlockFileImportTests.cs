// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.BlockFiles;

/// <summary>A real litecoind, whose files the server may read.</summary>
public sealed class BlockFileImportTests : IAsyncLifetime
{
    private const int PruningLimit = 5;

    /// <summary>Enough for the files to be used.</summary>
    private const int LongRange = 520;

    private LitecoinDaemon? _daemon;

    private LitecoinDaemon Daemon => _daemon!;

    public async ValueTask InitializeAsync()
    {
        _daemon = await LitecoinDaemon.StartNewAsync();
        await ChainScenario.BeginAsync(Daemon);
        await ChainScenario.GrowAsync(Daemon, blocks: 15, seed: 500);
        // Stale blocks, in the midst of the others.
        await Daemon.ReorganiseAsync(4);
        await ChainScenario.GrowAsync(Daemon, blocks: 5, seed: 501);
        await Daemon.ReorganiseAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task What_is_imported_from_the_files_is_what_is_imported_over_RPC()
    {
        await Daemon.MineAsync(LongRange - await Daemon.HeightAsync());
        await using ServerProcess fromFiles = FromFiles();
        await using ServerProcess overRpc = ServerProcess.For(Daemon, PruningLimit);
        await fromFiles.StartAsync();
        await overRpc.StartAsync();

        await ShouldAnswerRightAsync(fromFiles, overRpc);

        string folder = Path.Combine(Daemon.DataFolder, "regtest", "blocks");
        fromFiles.Process.Output.ShouldContain($"importing from the block files in {folder} (1 file");
        fromFiles.Process.Output.ShouldNotContain("over RPC");
        overRpc.Process.Output.ShouldContain("importing over RPC");
        (await fromFiles.CommandAsync("check-config")).Output.ShouldContain($"ok       block files {folder}: 1 file");
        await fromFiles.StopAsync();
        await overRpc.StopAsync();
    }

    [Fact]
    public async Task An_import_that_goes_on_after_a_restart_takes_the_new_blocks_from_the_files()
    {
        await Daemon.MineAsync(LongRange - await Daemon.HeightAsync());
        await using ServerProcess server = FromFiles();
        await server.StartAsync();
        await server.CatchUpAsync(Daemon);
        await server.StopAsync();

        await Daemon.MineAsync(LongRange / 2);
        await Daemon.ReorganiseAsync(3);
        await Daemon.MineAsync(LongRange / 2);
        await server.StartAsync();

        await ShouldAnswerRightAsync(server);
        server.Process.Output.ShouldContain("importing from the block files");
        server.Process.Output.ShouldNotContain("over RPC");
        await server.StopAsync();
    }

    [Fact]
    public async Task A_daemon_that_mines_and_reorganises_meanwhile_is_followed_to_its_tip()
    {
        await Daemon.MineAsync(LongRange - await Daemon.HeightAsync());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task mining = MineAsync(await Daemon.NewAddressAsync(), await Daemon.NewAddressAsync(), stop.Token);
        try
        {
            for (int round = 0; round < 3; round++)
            {
                await using ServerProcess server = FromFiles();
                int height = await Daemon.HeightAsync();
                await server.StartAsync();
                server.Process.Output.ShouldContain("importing from the block files");
                server.Process.Output.ShouldNotContain("WRN block");
                await Eventually.BecomesAsync(Daemon.HeightAsync, now => now > height + 10);
                await server.StopAsync();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await mining;
        }

        await using ServerProcess last = FromFiles();
        await last.StartAsync();
        await ShouldAnswerRightAsync(last);
    }

    [Fact]
    public async Task Files_that_are_damaged_or_of_no_use_cost_time_and_nothing_else()
    {
        await Daemon.MineAsync(LongRange - await Daemon.HeightAsync());
        string copy = Directory.CreateTempSubdirectory("electrum-pot-blocks-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(copy, "blk00000.dat"), Damage(BlockFile()), TestContext.Current.CancellationToken);
            await using ServerProcess server = FromFiles(copy);
            await server.StartAsync();

            await ShouldAnswerRightAsync(server);
            server.Process.Output.ShouldContain($"block 15 is damaged in {copy}; asking the daemon for it");
            server.Process.Output.ShouldContain("blocks came from the block files and");
            await server.StopAsync();

            await using ServerProcess lost = FromFiles(Path.Combine(copy, "nowhere"));
            await lost.StartAsync();
            await ShouldAnswerRightAsync(lost);
            lost.Process.Output.ShouldContain("does not exist; datadir has to be the daemon's data folder; importing over RPC instead");
            (int code, string findings) = await lost.CommandAsync("check-config");
            code.ShouldBe(0);
            findings.ShouldContain("warning  [potcoind] datadir: ");
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private ServerProcess FromFiles(string? folder = null)
    {
        ServerProcess server = ServerProcess.For(Daemon, PruningLimit);
        server.Configuration["potcoind", "datadir"] = folder ?? Daemon.DataFolder;
        return server;
    }

    private async Task ShouldAnswerRightAsync(params ServerProcess[] servers)
    {
        NaiveIndex model = await new NaiveChain(Daemon.Rpc, NaiveFormat.Litecoin).ReadAsync();
        foreach (ServerProcess server in servers)
        {
            await server.CatchUpAsync(Daemon);
            await using ElectrumClient client = await server.ConnectAsync();
            await client.ShouldAllMatchAsync(model, PruningLimit);
        }
    }

    /// <summary>A few blocks at a time and now and then another branch, until told to stop.</summary>
    /// <param name="other">Of the other branch: the same block would be the one that was declared invalid.</param>
    private async Task MineAsync(string address, string other, CancellationToken stop)
    {
        for (int i = 1; !stop.IsCancellationRequested; i++)
        {
            await Daemon.MineAsync(2, address);
            if (i % 10 != 0) continue;
            await Daemon.InvalidateFromAsync(await Daemon.HeightAsync());
            await Daemon.MineAsync(2, other);
        }
    }

    private byte[] BlockFile()
    {
        using var stream = new FileStream(
            Path.Combine(Daemon.DataFolder, "regtest", "blocks", "blk00000.dat"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Damages some headers and a transaction, and cuts off the end.</summary>
    private static byte[] Damage(byte[] file)
    {
        const int RecordHead = 8;
        int at = 0;
        for (int block = 0; file[at] != 0; block++)
        {
            if (block % 100 == 50) file[at + RecordHead + 40] ^= 0xff;
            if (block == 15) file[at + RecordHead + 81 + 8] ^= 0xff;
            if (block == 480) return file[..(at + 60)];
            at += RecordHead + BitConverter.ToInt32(file, at + 4);
        }

        throw new InvalidOperationException("The file is shorter than expected.");
    }
}
