// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Index;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Queries;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.Hosting;

/// <summary>The running server as an administrator sees it.</summary>
internal sealed class ServerState(ServerConfiguration configuration, ChainIndex index, DaemonClient daemon, StopRequest stop, TimeProvider time)
    : IServerControl
{
    private readonly long _started = time.GetTimestamp();
    private readonly ConcurrentQueue<string> _warnings = new();
    private volatile ElectrumServer? _electrum;

    public required IReadOnlyList<string> Ports { get; init; }

    public required ServerCertificate? Certificate { get; init; }

    public required string? CertificateFile { get; init; }

    /// <summary>From now on the ports for wallets are open; null: closed again.</summary>
    public void SetElectrum(ElectrumServer? electrum) => _electrum = electrum;

    /// <summary>Something that stays true until the server is started anew.</summary>
    public void Warn(string warning) => _warnings.Enqueue(warning);

    public void RequestStop(string reason) => stop.Make(reason);

    public StatusReport GetStatus()
    {
        IndexProgress progress = index.Progress;
        DaemonStatus link = daemon.Status;
        DaemonEndpoint endpoint = PartOptions.Daemon(configuration).Endpoints[0];
        using ChainView view = index.AcquireView();
        return new StatusReport
        {
            Version = ServerVersion.Text,
            Pid = Environment.ProcessId,
            Coin = configuration.Coin.Name,
            State = stop.Reason is null ? Name(progress.State) : "stopping",
            Serving = _electrum is not null,
            // What the wallets see; before they see anything, how far the import is.
            Height = index.Serving.IsCompleted ? view.Height : progress.Height,
            Daemon = new DaemonReport(endpoint.ToString(), progress.DaemonHeight, link.IsOk, Name(link.State)),
            Import = index.Serving.IsCompleted && progress.Percent is null ? null : ToReport(progress),
            Sessions = _electrum?.Sessions.Count ?? 0,
            Subscriptions = _electrum?.Sessions.SubscriptionCount ?? 0,
            Mempool = new MempoolReport(view.Mempool.Count, view.Mempool.TotalSize),
            UptimeSeconds = (long)time.GetElapsedTime(_started).TotalSeconds,
            MemoryBytes = Environment.WorkingSet,
            DataFolder = DataFolder.Locate(configuration),
            Ports = Ports,
            Certificate = Certificate is null ? null : new CertificateReport(CertificateFile!, Certificate.Fingerprint, Certificate.NotBefore, Certificate.NotAfter),
            Warnings = [.. CollectWarnings(progress, link).Distinct(StringComparer.Ordinal)],
        };
    }

    private static ImportReport ToReport(IndexProgress progress) => new(
        progress.Percent is { } percent ? Math.Round(percent, 2) : null,
        Name(progress.PercentOf),
        progress.Transactions,
        progress.ChainTransactions,
        progress.IsChainEstimated,
        Math.Round(progress.BlocksPerSecond, 1),
        Math.Round(progress.TransactionsPerSecond, 1),
        (long?)progress.TimeLeft?.TotalSeconds,
        progress.BytesWritten);

    private IEnumerable<string> CollectWarnings(IndexProgress progress, DaemonStatus link)
    {
        foreach (string warning in _warnings) yield return warning;
        if (!link.IsOk && link.State != DaemonState.Unknown) yield return link.Detail.Length > 0 ? link.Detail : $"the daemon is {Name(link.State)}";
        if (progress.Warning is { } index) yield return index;
        if (Certificate?.FindProblem(time.GetUtcNow()) is { } certificate) yield return certificate;
    }

    /// <summary>Names for machines: WaitingForDaemon is waiting_for_daemon.</summary>
    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
