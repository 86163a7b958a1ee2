// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Index;
using ElectrumPot.Index.Following;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Logging;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// The life of the server from the first line of the log to the closed database. Read <see cref="RunAsync"/> from top to
/// bottom: parts start in that order and end in the reverse one.
/// </summary>
internal sealed class ServerRun(ServerConfiguration configuration, StopRequest stop, ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>A daemon that is slow to answer must not keep wallets from what the index has.</summary>
    private static readonly TimeSpan DaemonCheckPatience = TimeSpan.FromSeconds(10);

    private readonly ILogger _log = loggers.CreateLogger("ElectrumPot.Server");
    private readonly List<string> _warnings = [];

    /// <summary>Where a terminal shows progress; null without one.</summary>
    public TerminalLine? Line { get; init; }

    /// <summary>Runs until a signal or an administrator stops it.</summary>
    /// <param name="whenServing">Told where once wallets can connect.</param>
    public async Task RunAsync(Action<IReadOnlyList<ElectrumEndpoint>>? whenServing = null)
    {
        Introduce();
        IReadOnlyList<ElectrumEndpoint> endpoints = await ProbePortsAsync();
        CertificateFiles? files = TransportPorts.AnyIsEncrypted(configuration) ? CertificateFiles.Locate(configuration) : null;
        using ServerCertificate? certificate = files is null ? null : OpenCertificate(files);

        using ChainIndex index = OpenIndex();
        await using var daemon = new DaemonClient(PartOptions.Daemon(configuration), configuration.Coin, loggers.CreateLogger<DaemonClient>(), time);
        var state = new ServerState(configuration, index, daemon, stop, time)
        {
            Ports = DescribePorts(endpoints),
            Certificate = certificate,
            CertificateFile = files?.Certificate,
        };
        foreach (string warning in _warnings) state.Warn(warning);

        using var snapshots = new SnapshotProducer(index, ServerVersion.Text, loggers.CreateLogger<SnapshotProducer>(), time);
        await using AdminServer? admin = await StartAdminAsync(state, snapshots);
        await using ProgressDisplay? display = ProgressDisplay.Start(Line, state, time);
        await CheckDaemonAsync(daemon, index);
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Task following = Follow(index, daemon, halt.Token);
        Task copying = SnapshotSchedule.KeepAsync(configuration, index, snapshots, loggers.CreateLogger<SnapshotSchedule>(), time, halt.Token);
        Task end = UntilEndAsync(index, following);
        try
        {
            await Task.WhenAny(index.Serving, end);
            if (!end.IsCompleted) await ServeAsync(index, daemon, certificate, endpoints, state, end, whenServing);
            await end;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // The wanted end.
        }
        finally
        {
            await halt.CancelAsync();
            await Task.WhenAll(following, copying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _log.LogInformation("stopping: {Reason}; closing the database", stop.Reason ?? "a failure");
        }
    }

    private void Introduce()
    {
        Coin coin = configuration.Coin;
        _log.LogInformation("starting Electrum POT server");
        _log.LogInformation("version {Version}, process {Pid}", ServerVersion.Text, Environment.ProcessId);
        // A demonstration has none.
        if (File.Exists(configuration.File)) _log.LogInformation("configuration {File}", Path.GetFullPath(configuration.File));
        foreach (string note in configuration.Notes.Concat(PeerSettings.FindIneffective(configuration))) _log.LogInformation("{Note}", note);
        _log.LogInformation("coin {Coin}, daemon {Daemon}", coin.Name, PartOptions.Daemon(configuration).Endpoints[0]);

        if (configuration.Get(LimitsSection.Exempt) is { IsEmpty: false } exempt)
            _log.LogInformation("limits by address and subnet do not hold for {Exempt}: [limits] exempt", exempt);
        if (configuration.Get(LimitsSection.DryRun)) Warn("limits are watched and not enforced: [limits] dry_run = yes");

        string folder = DataFolder.Locate(configuration);
        if (ConfigurationFile.FindExposure(configuration) is { } exposure) Warn(exposure);
        if (FileLimit.FindProblem(configuration) is { } limit) Warn(limit);
        if (DataFolder.HasDatabaseOf2014(folder))
            _log.LogInformation("{Folder} holds a database of the 2014 server (utxo, addr, hist, undo); it is not used and may be deleted", folder);
    }

    private void Warn(string warning)
    {
        _warnings.Add(warning);
        _log.LogWarning("{Warning}", warning);
    }

    private async Task<IReadOnlyList<ElectrumEndpoint>> ProbePortsAsync()
    {
        if (configuration.Get(AdminSection.Port) is { } adminPort)
        {
            try
            {
                ListenAddresses.Probe(new IPEndPoint(IPAddress.Loopback, adminPort), AdminSection.Port.ToString());
            }
            catch (CommandFailure taken)
            {
                if (await FindRunningServerAsync(adminPort) is not { } pid) throw;
                throw new CommandFailure(
                    ExitCode.CannotStart, $"a server runs already (process {pid}, admin port {adminPort}); stop it first with 'electrum-pot-server stop'", taken);
            }
        }

        IReadOnlyList<ElectrumEndpoint> endpoints = ListenAddresses.Find(configuration);
        foreach ((IPEndPoint address, string keys) in ListenAddresses.DistinctPorts(endpoints)) ListenAddresses.Probe(address, keys);
        return endpoints;
    }

    private async Task<int?> FindRunningServerAsync(int adminPort)
    {
        try
        {
            using var client = AdminClient.ForProbe(adminPort);
            return await client.GetPidAsync(stop.Token);
        }
        catch (CommandFailure)
        {
            return null;
        }
    }

    private ServerCertificate OpenCertificate(CertificateFiles files)
    {
        if (files.AreAbsent())
        {
            files.Create(CertificateNames.For(configuration), time);
            _log.LogInformation("made a self-signed certificate for 20 years: {File}. Keep a backup of it and of {Key}: wallets will accept no other", files.Certificate, files.Key);
        }

        ServerCertificate certificate = files.Load();
        _log.LogInformation("certificate {File}, until {End}, SHA-256 fingerprint {Fingerprint}", files.Certificate, ServerCertificate.Day(certificate.NotAfter), certificate.Fingerprint);
        // The status looks at the dates afresh each time; here they are only told.
        if (certificate.FindProblem(time.GetUtcNow()) is { } problem) _log.LogWarning("{Problem}", problem);
        if (DataFolder.IsInMemory(Path.GetDirectoryName(files.Key)!))
            Warn($"{files.Key} lies in memory and is lost when the machine restarts; wallets will then refuse the server. Give ssl_certfile and ssl_keyfile on a disk");
        return certificate;
    }

    private ChainIndex OpenIndex()
    {
        IndexOptions options = PartOptions.Index(configuration);
        SnapshotRestorer.RemoveLeftovers(options.Path);
        try
        {
            Directory.CreateDirectory(options.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.CannotStart, $"the data folder {options.Path} cannot be made: {failure.Message} Correct [rocksdb] path or the owner of the folder", failure);
        }

        ChainIndex index = DatabaseMismatch.Explain(configuration, () => ChainIndex.Open(options));
        PartFile.RemoveLeftovers(DataFolder.Snapshots(configuration), "*.tar");
        using ChainView view = index.AcquireView();
        _log.LogInformation("database {Path}, {Height}", options.Path, view.Height < 0 ? "empty" : $"block {view.Height}");
        return index;
    }

    private async Task<AdminServer?> StartAdminAsync(ServerState state, SnapshotProducer snapshots)
    {
        if (configuration.Get(AdminSection.Port) is not { } port) return null;
        try
        {
            return await AdminServer.StartAsync(port, configuration.Get(ServerSection.Password), state, loggers, stop.Token, new SnapshotEndpoint(snapshots));
        }
        catch (IOException failure)
        {
            throw new CommandFailure(ExitCode.CannotStart, $"admin port {port} cannot be opened: {failure.Message}; change {AdminSection.Port}", failure);
        }
    }

    /// <summary>
    /// A daemon of another coin is refused outright. One that is merely away is waited for, and so is one with a wrong
    /// password as long as there is an index to serve from.
    /// </summary>
    private async Task CheckDaemonAsync(DaemonClient daemon, ChainIndex index)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        patience.CancelAfter(DaemonCheckPatience);
        // The client logs what is wrong with the daemon; here is said what that means for wallets.
        string meanwhile = index.Serving.IsCompleted
            ? "serving what the index has until the daemon answers"
            : "waiting for the daemon; the ports for wallets open when the index has caught up with it";
        try
        {
            await daemon.CheckCoinAsync(patience.Token);
        }
        catch (WrongCoinException)
        {
            throw;
        }
        catch (DaemonUnauthorizedException) when (!index.Serving.IsCompleted)
        {
            throw;
        }
        catch (DaemonException)
        {
            _log.LogInformation("{Meanwhile}", meanwhile);
        }
        catch (OperationCanceledException) when (!stop.Token.IsCancellationRequested)
        {
            _log.LogWarning("the daemon did not answer within {Seconds} s; {Meanwhile}", DaemonCheckPatience.TotalSeconds, meanwhile);
        }
    }

    private Task Follow(ChainIndex index, DaemonClient daemon, CancellationToken cancellationToken)
    {
        IBlockSource blocks = BlockSources.ForImport(configuration, daemon, index, loggers);
        var tips = new TipWatcher(daemon, configuration.Get(ScheduleSection.TipPoll), time);
        var mempool = new MempoolSource(daemon, configuration.Coin, loggers.CreateLogger<MempoolSource>());
        var follower = new ChainFollower(index, daemon, blocks, tips, mempool, PartOptions.Follower(configuration), loggers.CreateLogger<ChainFollower>(), time);
        return Task.Run(() => follower.RunAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Ends as the follower does, and also when the store fails under a reader: nothing may be served from it then.</summary>
    private static async Task UntilEndAsync(ChainIndex index, Task following)
    {
        if (await Task.WhenAny(following, index.Failure) != following) throw await index.Failure;
        await following;
    }

    private async Task ServeAsync(
        ChainIndex index,
        DaemonClient daemon,
        ServerCertificate? certificate,
        IReadOnlyList<ElectrumEndpoint> endpoints,
        ServerState state,
        Task end,
        Action<IReadOnlyList<ElectrumEndpoint>>? whenServing)
    {
        // What the start or an import took is not needed for serving, and would not be given back before memory is short.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        NativeHeap.Trim();
        TlsIdentity? tls = certificate is null ? null : new TlsIdentity(certificate.Certificate, certificate.Chain);
        using BlockFileReader? files = BlockSources.ForTransactions(configuration, problem =>
        {
            state.Warn(problem);
            _log.LogWarning("{Problem}", problem);
        });
        var gateway = new DaemonGateway(daemon, new RawTransactions(index, daemon, files), configuration.Coin, time);
        await using var electrum = new ElectrumServer(PartOptions.Electrum(configuration, endpoints), new IndexChainSource(index), gateway, tls, loggers, time);
        await electrum.StartAsync(stop.Token);
        state.SetElectrum(electrum);
        _log.LogInformation("listening on {Endpoints}", string.Join(", ", electrum.Endpoints));
        whenServing?.Invoke(electrum.Endpoints);
        try
        {
            await end;
        }
        finally
        {
            state.SetElectrum(null);
            await electrum.StopAsync(CancellationToken.None);
        }
    }

    private string[] DescribePorts(IReadOnlyList<ElectrumEndpoint> endpoints)
    {
        IEnumerable<string> ports = endpoints.Select(endpoint => $"{endpoint.Transport.Name} {endpoint.Address}");
        return configuration.Get(AdminSection.Port) is { } admin ? [.. ports, $"admin 127.0.0.1:{admin}"] : [.. ports];
    }
}
