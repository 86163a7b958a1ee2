// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>A server that is killed again and again, on one data folder.</summary>
internal sealed class Victim : IAsyncDisposable
{
    public const int ReorgLimit = 60;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    private readonly HttpClient _admin = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Stopwatch _sinceLaunch = new();
    private SmallDisk? _disk;
    private bool _wasImportedAtLaunch;

    public Victim(TemporaryDevNode node, int pruningLimit, bool storesTransactions)
    {
        StoresTransactions = storesTransactions;
        Server = node.NewServer(pruningLimit);
        PruningLimit = pruningLimit;
        // Many commits in a small chain, and quick polls.
        Server.Configuration["rocksdb", "import_mb"] = 1;
        Server.Configuration["rocksdb", "cache_mb"] = 8;
        Server.Configuration["rocksdb", "reorg_limit"] = ReorgLimit;
        Server.Configuration["rocksdb", "store_transactions"] = storesTransactions ? "yes" : "no";
        Server.Configuration["schedule", "tip_poll"] = "50ms";
        Server.Configuration["schedule", "mempool_poll"] = "50ms";
    }

    public ServerProcess Server { get; }

    public int PruningLimit
    {
        get;
        set
        {
            field = value;
            Server.Configuration["rocksdb", "pruning_limit"] = value;
        }
    }

    public bool StoresTransactions { get; }

    /// <summary>The first import of this folder is complete: from now on wallets are answered at every start.</summary>
    public bool IsImported { get; set; }

    /// <summary>The highest fork of a reorganisation that was deeper than the undo data.</summary>
    public int LastLostSpend { get; set; } = -1;

    /// <summary>The highest tip that the daemon has shown to this folder.</summary>
    public int HighestTip { get; set; }

    /// <summary>As the server names it.</summary>
    public string IndexFolder => Path.Combine(Server.DataFolder, "index");

    /// <summary>As this process reaches it.</summary>
    public string IndexFolderFromHere => _disk is null ? IndexFolder : _disk.PathFromHere + IndexFolder[_disk.Path.Length..];

    /// <summary>The copy of an unfinished snapshot is still there.</summary>
    public bool HasLeftovers => Directory.Exists(IndexFolder + ".snapshot");

    public TimeSpan SinceLaunch => _sinceLaunch.Elapsed;

    public CrashPhase Phase => CrashPhases.Read(Server.Process.Output, _wasImportedAtLaunch);

    /// <summary>Before the first start: data folder and log lie there from now on.</summary>
    public void PlaceOn(SmallDisk disk)
    {
        _disk = disk;
        Server.Launcher = disk.Launcher;
        Server.Configuration["rocksdb", "path"] = Path.Combine(disk.Path, "database");
    }

    public void Launch()
    {
        _wasImportedAtLaunch = IsImported;
        _sinceLaunch.Restart();
        Server.Launch();
    }

    /// <summary>The process dies where it stands; nothing of it is left to finish anything.</summary>
    public async Task KillAsync()
    {
        Server.Process.ShouldRun();
        await Server.KillAsync();
        await Server.Process.Ended;
    }

    /// <summary>Waits, to the millisecond or so, until the log has one of these; from the given position of the log on.</summary>
    public async Task SaysAsync(string[] words, int from = 0)
    {
        var clock = Stopwatch.StartNew();
        while (!words.Any(some => Server.Process.Output.IndexOf(some, from, StringComparison.Ordinal) >= 0))
        {
            Server.Process.ShouldRun();
            if (clock.Elapsed > Eventually.DefaultDeadline)
                throw new TimeoutException($"Not in the log: {string.Join(" or ", words)}\n{Server.Process.Output}");
            await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the answer to a wallet's first requests.</summary>
    /// <returns>The header of the tip, and the time from the start of the process.</returns>
    public Task<(byte[] Header, int Height, TimeSpan Time)> AnswersWalletAsync() => WhenItAnswersAsync(async () =>
    {
        await ConnectAsync(Server.TcpPort);
        await using ElectrumClient client = await Server.ConnectAsync();
        JsonElement tip = await client.CallAsync("blockchain.headers.subscribe");
        TimeSpan time = _sinceLaunch.Elapsed;
        IsImported = true;
        return (Convert.FromHexString(tip.GetProperty("hex").GetString()!), tip.GetProperty("height").GetInt32(), time);
    });

    /// <summary>Waits for the status of a server that may still be importing.</summary>
    public Task<(int Height, bool IsServing, TimeSpan Time)> AnswersAdministratorAsync() => WhenItAnswersAsync(async () =>
    {
        int port = Server.Configuration.Number("admin", "port");
        await ConnectAsync(port);
        using JsonDocument status = JsonDocument.Parse(
            await _admin.GetStringAsync(new Uri($"http://127.0.0.1:{port}/status"), TestContext.Current.CancellationToken));
        return (status.RootElement.GetProperty("height").GetInt32(), status.RootElement.GetProperty("serving").GetBoolean(), _sinceLaunch.Elapsed);
    });

    /// <summary>Waits until wallets are shown this block.</summary>
    public async Task ReachesAsync(Hash256 tip) => await Eventually.PassAsync(
        async () =>
        {
            Server.Process.ShouldRun();
            (byte[] header, _, _) = await AnswersWalletAsync();
            BlockHeader.HashOf(header).ShouldBe(tip);
        },
        TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Again and again: a starting server tries its ports, and closes them once more, before it opens them for good.</summary>
    private async Task<T> WhenItAnswersAsync<T>(Func<Task<T>> ask)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            Server.Process.ShouldRun();
            try
            {
                return await ask();
            }
            catch (Exception failure) when (failure is SocketException or IOException or HttpRequestException or InvalidOperationException)
            {
                if (clock.Elapsed > TimeSpan.FromSeconds(60))
                    throw new TimeoutException($"The server does not answer: {failure.Message} Its log:\n{Server.Process.Output}", failure);
                await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task ConnectAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
    }
}
