// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>A daemon, a server with its index, and what the chain of both says.</summary>
internal sealed class ServingBed : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServerPlace _place;
    private readonly GeneratedSource? _source;

    private ServingBed(string folder, ServerPlace place, ImportTarget target, ChainFacts facts, bool isPruned, GeneratedSource? source)
    {
        _folder = folder;
        _place = place;
        _source = source;
        Facts = facts;
        DaemonPid = target.DaemonPid;
        IsPruned = isPruned;
        Server = RunningServer.Start(place);
    }

    public RunningServer Server { get; private set; }

    /// <summary>As it was at the beginning; blocks that came later are not in it.</summary>
    public ChainFacts Facts { get; }

    public int? DaemonPid { get; }

    /// <summary>The server does not keep all history.</summary>
    public bool IsPruned { get; }

    /// <summary>The server has been under load since its start, so that its hot paths are compiled for speed.</summary>
    public bool IsWarm { get; set; }

    public bool HasGrown => _source is { } source && source.Shown > Facts.Height;

    /// <summary>Blocks that the daemon has and does not show yet.</summary>
    public int BlocksLeft => _source is { } source ? source.Store.Chain.Places.Count - 1 - source.Shown : 0;

    /// <summary>On a generated chain of which the last blocks are held back until they are wanted.</summary>
    /// <param name="shown">Height of the last block that is there from the beginning.</param>
    public static async Task<ServingBed> StartGeneratedAsync(ServeOptions options, GeneratedChain chain, int shown, CancellationToken cancellation)
    {
        ServingProcess daemon = await ServingProcess.StartAsync(chain, cancellation, shown);
        var source = new GeneratedSource(daemon, new BlockStore(chain), new ChainFactsReader(chain.Shape.Coin)) { Shown = shown };
        source.Reader.AddTo(shown, source.Store);
        return await StartAsync(options, ImportTarget.Of(chain, daemon.Port, daemon.Id), _ => Task.FromResult(source.Reader.Summarise()), source, cancellation);
    }

    /// <summary>On a daemon that a configuration of the server names.</summary>
    public static Task<ServingBed> StartConfiguredAsync(ServeOptions options, CancellationToken cancellation) =>
        StartAsync(options, ImportTarget.Read(options.Configuration!, options.DaemonPid), configuration => ReadFactsAsync(configuration, cancellation), source: null, cancellation);

    /// <summary>On a daemon of which only the height matters: there are no facts of its chain.</summary>
    public static Task<ServingBed> StartBareAsync(ServeOptions options, ImportTarget target, Coin coin, int height, CancellationToken cancellation) =>
        StartAsync(options, target, _ => Task.FromResult(new ChainFacts(coin, height, [], [], [], ScriptStates.None)), source: null, cancellation);

    /// <summary>Stops the server and starts it again on the same index.</summary>
    /// <returns>The server, which may not answer yet.</returns>
    public async Task<RunningServer> RestartAsync()
    {
        await Server.DisposeAsync();
        Server = RunningServer.Start(_place);
        IsWarm = false;
        return Server;
    }

    /// <summary>As <see cref="RestartAsync"/>, and waits until it serves.</summary>
    public async Task FreshenAsync(CancellationToken cancellation) =>
        await (await RestartAsync()).UntilServingAsync(Facts.Height, cancellation);

    /// <summary>Lets the daemon show its next block.</summary>
    /// <returns>The time stamp of its showing.</returns>
    /// <exception cref="InvalidOperationException">There is none left.</exception>
    public Task<long> ShowNextBlockAsync(CancellationToken cancellation)
    {
        if (BlocksLeft == 0) throw new InvalidOperationException("all blocks of the generated chain have been shown");
        _source!.Shown++;
        return _source.Daemon.DoAsync(_source.Shown.ToString(CultureInfo.InvariantCulture), cancellation);
    }

    /// <summary>The scripts that the next block will touch.</summary>
    public HashSet<Hash256> LookAhead()
    {
        var touched = new HashSet<Hash256>();
        _source!.Reader.AddTo(_source.Shown, _source.Store);
        _source.Reader.AddNext(_source.Store, touched);
        return touched;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _source?.Daemon.Dispose();
        _source?.Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<ServingBed> StartAsync(
        ServeOptions options, ImportTarget target, Func<ServerConfiguration, Task<ChainFacts>> readFacts, GeneratedSource? source, CancellationToken cancellation)
    {
        string folder = Path.Combine(options.Cache, $"serve-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        var place = new ServerPlace(options.Server, Path.Combine(folder, "server.conf"), FreePort.Next(), FreePort.Next(), FreePort.Next());
        bool isPruned = target.Sets("pruning_limit") || options.Further.Any(line => line.StartsWith("rocksdb.pruning_limit", StringComparison.Ordinal));
        string[] further = [.. options.Further, .. Defaults(options, isPruned)];
        string text = target.Configure(Path.Combine(folder, "data"), place.TcpPort, place.AdminPort, target.DataFolder is not null, further, place.TlsPort);
        await File.WriteAllTextAsync(place.File, text, cancellation);
        File.SetUnixFileMode(place.File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ChainFacts facts = await readFacts(ConfigurationFile.Parse(text, target.Name));
        var bed = new ServingBed(folder, place, target, facts, isPruned, source);
        try
        {
            await bed.Server.UntilServingAsync(facts.Height, cancellation);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>All history, as servers without pruning are measured, and room for all sessions.</summary>
    private static IEnumerable<string> Defaults(ServeOptions options, bool setsPruning)
    {
        const int Spare = 1_000;
        if (!setsPruning) yield return "rocksdb.pruning_limit = 0";
        if (!options.Further.Any(line => line.StartsWith("limits.max_sessions ", StringComparison.Ordinal)))
            yield return string.Create(CultureInfo.InvariantCulture, $"limits.max_sessions = {Math.Max(10_000, Math.Max(options.Sessions, options.IdleConnections) + Spare)}");
    }

    private static async Task<ChainFacts> ReadFactsAsync(ServerConfiguration configuration, CancellationToken cancellation)
    {
        await using var client = new DaemonClient(PartOptions.Daemon(configuration), configuration.Coin, NullLogger<DaemonClient>.Instance, TimeProvider.System);
        ChainTip tip = await client.GetTipAsync(cancellation);
        return await ChainFactsReader.ReadAsync(configuration.Coin, client, tip.Height, cancellation);
    }

    private sealed record GeneratedSource(ServingProcess Daemon, BlockStore Store, ChainFactsReader Reader)
    {
        public int Shown { get; set; }
    }
}
