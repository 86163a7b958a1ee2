// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Index;
using ElectrumPot.Index.Verification;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElectrumPot.Server.Hosting;

internal enum Severity
{
    Ok,

    /// <summary>Worth knowing; nothing to do.</summary>
    Note,

    Warning,

    /// <summary>The server would not start, or would have nothing to serve.</summary>
    Error,
}

internal readonly record struct Finding(Severity Severity, string Text);

/// <summary>What a start would run into, found without starting. Changes nothing.</summary>
internal sealed class StartChecks(ServerConfiguration configuration, TimeProvider time)
{
    private const long LittleSpace = 2L << 30;
    private static readonly TimeSpan DaemonPatience = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new(Severity.Ok, $"configuration {Path.GetFullPath(configuration.File)}: coin {configuration.Coin.Name}");
        foreach (string note in configuration.Notes.Concat(PeerSettings.FindIneffective(configuration))) yield return new(Severity.Note, note);
        if (ConfigurationFile.FindExposure(configuration) is { } exposure) yield return new(Severity.Warning, exposure);
        yield return await CheckDaemonAsync(cancellationToken);
        yield return CheckBlockFiles();
        foreach (Finding finding in CheckCertificate()) yield return finding;
        yield return CheckDataFolder();
        foreach (Finding finding in CheckDatabase()) yield return finding;
        int? running = await FindRunningAsync(cancellationToken);
        foreach (Finding finding in CheckPorts(running)) yield return finding;
        yield return FileLimit.FindProblem(configuration) is { } limit
            ? new(Severity.Warning, limit)
            : new(Severity.Ok, string.Create(CultureInfo.InvariantCulture, $"open files and connections: up to {FileLimit.Read():N0}"));
        yield return ServerVersion.RocksDb is var rocksDb && rocksDb.StartsWith("not found", StringComparison.Ordinal)
            ? new(Severity.Error, $"RocksDB {rocksDb}; install it: apt-get install librocksdb7.8")
            : new(Severity.Ok, $"RocksDB {rocksDb}");
    }

    private async Task<Finding> CheckDaemonAsync(CancellationToken cancellationToken)
    {
        DaemonOptions options = PartOptions.Daemon(configuration);
        await using var daemon = new DaemonClient(options, configuration.Coin, NullLogger<DaemonClient>.Instance, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DaemonPatience);
        try
        {
            await daemon.CheckCoinAsync(patience.Token);
            ChainTip tip = await daemon.GetTipAsync(patience.Token);
            DaemonInfo info = await daemon.GetInfoAsync(patience.Token);
            string text = string.Create(CultureInfo.InvariantCulture, $"daemon {options.Endpoints[0]}: {configuration.Coin.Name}, {info.Version}, block {tip.Height:N0}");
            return info.Warnings.Length == 0 ? new(Severity.Ok, text) : new(Severity.Warning, $"{text}; it warns: {info.Warnings}");
        }
        catch (DaemonException failure)
        {
            return new(Severity.Error, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Severity.Error, $"the daemon at {options.Endpoints[0]} did not answer within {DaemonPatience.TotalSeconds:0} s; it may be starting, or all its connections are in use");
        }
    }

    private Finding CheckBlockFiles()
    {
        if (configuration.GetPath(PotcoindSection.DataFolder) is not { } path)
            return new(Severity.Note, $"{PotcoindSection.DataFolder} is empty: blocks come over RPC. Where the daemon is on this machine, give its data folder for a faster import");
        try
        {
            BlockFileFolder folder = BlockFileLocator.Find(path, configuration.Coin);
            return new(Severity.Ok, $"block files {folder.Path}: {folder.Describe()}");
        }
        catch (BlockFilesException failure)
        {
            return new(Severity.Warning, $"{PotcoindSection.DataFolder}: {failure.Message}. Until then blocks come over RPC");
        }
    }

    private IEnumerable<Finding> CheckCertificate()
    {
        if (configuration.Get(ServerSection.TlsPort) is null)
            yield return new(Severity.Note, "TLS is off ([server] stratum_tcp_ssl_port is empty); wallets of today expect it");
        if (TransportPorts.AnyIsEncrypted(configuration)) yield return CheckCertificateFiles();
    }

    private Finding CheckCertificateFiles()
    {
        try
        {
            CertificateFiles files = CertificateFiles.Locate(configuration);
            if (files.AreAbsent()) return new(Severity.Note, $"no certificate yet; the first start makes {files.Certificate}");
            using ServerCertificate certificate = files.Load();
            return certificate.FindProblem(time.GetUtcNow()) is { } problem
                ? new(Severity.Warning, problem)
                : new(Severity.Ok, $"certificate {files.Certificate}, until {ServerCertificate.Day(certificate.NotAfter)}");
        }
        catch (Exception failure) when (failure is CertificateException or ConfigurationException)
        {
            return new(Severity.Error, failure.Message);
        }
    }

    private Finding CheckDataFolder()
    {
        string folder = DataFolder.Locate(configuration);
        string? existing = folder;
        while (existing is not null && !Path.Exists(existing)) existing = Path.GetDirectoryName(existing);
        if (File.Exists(existing)) return new(Severity.Error, $"data folder {folder}: {existing} is a file. Correct [rocksdb] path");
        try
        {
            string probe = Path.Combine(existing!, $".writable-{Environment.ProcessId}");
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            long free = new DriveInfo(existing!).AvailableFreeSpace;
            string text = string.Create(CultureInfo.InvariantCulture, $"data folder {folder}, {free / (1L << 30):N0} GB free");
            return free < LittleSpace ? new(Severity.Warning, $"{text}; that is little for an index") : new(Severity.Ok, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(Severity.Error, $"data folder {folder}: {failure.Message} Correct [rocksdb] path or the owner of the folder");
        }
    }

    private IEnumerable<Finding> CheckDatabase()
    {
        IndexOptions options = PartOptions.Index(configuration);
        DatabaseFacts? facts = null;
        Finding? problem = null;
        try
        {
            facts = IndexDatabase.ReadFacts(options.Path);
        }
        catch (IndexMissingException)
        {
            problem = new(Severity.Note, $"no database yet; the first start imports the chain into {options.Path}");
        }
        catch (IndexBusyException)
        {
            problem = new(Severity.Note, $"the database {options.Path} is in use; it is not examined");
        }
        catch (IndexException failure)
        {
            problem = new(Severity.Error, failure.Message);
        }

        if (facts?.FindMismatch(options) is { } mismatch)
            yield return new(Severity.Error, DatabaseMismatch.Describe(configuration, mismatch));
        else if (facts is not null)
            yield return new(Severity.Ok, string.Create(CultureInfo.InvariantCulture, $"database {options.Path}, {(facts.Height < 0 ? "no block yet" : $"block {facts.Height:N0}")}"));
        if (problem is { } found) yield return found;
        if (facts is { IsImported: true } && facts.PruningLimit != options.PruningLimit && facts.FindMismatch(options) is null)
            yield return new(Severity.Note, $"{RocksDbSection.PruningLimit} is lowered from {(facts.PruningLimit == 0 ? "0 (all)" : facts.PruningLimit)} to {options.PruningLimit}: the next start removes the history beyond it, without an import");
    }

    private async Task<int?> FindRunningAsync(CancellationToken cancellationToken)
    {
        if (configuration.Get(AdminSection.Port) is not { } port) return null;
        try
        {
            using var client = AdminClient.ForProbe(port);
            return await client.GetPidAsync(cancellationToken);
        }
        catch (CommandFailure)
        {
            return null;
        }
    }

    private IEnumerable<Finding> CheckPorts(int? running)
    {
        if (running is { } pid)
        {
            yield return new(Severity.Note, $"a server with this admin port runs (process {pid}); its ports are not examined");
            yield break;
        }

        var probes = new List<(IPEndPoint Address, string Key)>();
        Finding? wrong = null;
        try
        {
            probes.AddRange(ListenAddresses.DistinctPorts(ListenAddresses.Find(configuration)));
        }
        catch (ConfigurationException failure)
        {
            wrong = new(Severity.Error, failure.Message);
        }

        if (wrong is { } finding) yield return finding;
        if (configuration.Get(AdminSection.Port) is { } admin) probes.Add((new IPEndPoint(IPAddress.Loopback, admin), AdminSection.Port.ToString()));
        foreach ((IPEndPoint address, string key) in probes) yield return CheckPort(address, key);
    }

    private static Finding CheckPort(IPEndPoint address, string key)
    {
        try
        {
            ListenAddresses.Probe(address, key);
            return new(Severity.Ok, $"port {address} is free ({key})");
        }
        catch (CommandFailure failure)
        {
            return new(Severity.Error, failure.Message);
        }
    }
}
