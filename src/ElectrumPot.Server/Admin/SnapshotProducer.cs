// SPDX-License-Identifier: MIT

using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.Admin;

/// <summary>Makes snapshots of the index that is being served, one at a time, on threads that step back behind all others.</summary>
/// <param name="serverVersion">For the manifests.</param>
internal sealed class SnapshotProducer(ChainIndex index, string serverVersion, ILogger log, TimeProvider time) : IDisposable
{
    private const string ThreadName = "snapshot";

    private readonly CancellationTokenSource _stop = new();
    private SnapshotReport _report = SnapshotReport.Idle;
    private int _isBusy;

    public SnapshotReport Report => Volatile.Read(ref _report);

    /// <summary>Cancelled by <see cref="Stop"/>.</summary>
    public CancellationToken Stopped => _stop.Token;

    private ILogger Log => log;

    private TimeProvider Time => time;

    /// <summary>Holds the committed state still. Dispose the turn to let go of it, and to let others have theirs.</summary>
    /// <exception cref="SnapshotRefusedException">One is being made, or the index is not complete.</exception>
    /// <exception cref="IndexException">The state cannot be copied.</exception>
    public async Task<Turn> BeginAsync()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0) throw new SnapshotRefusedException("A snapshot is being made already; wait until it is done.");
        Set(new SnapshotReport("preparing", 0, 0, Failure: null));
        try
        {
            return new Turn(this, await BackgroundThread.RunAsync(ThreadName, () => index.PrepareSnapshot(serverVersion, time.GetUtcNow())));
        }
        catch (Exception failure)
        {
            End(failure.Message);
            throw;
        }
    }

    /// <summary>Breaks off what is being made.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    private void Set(SnapshotReport report) => Volatile.Write(ref _report, report);

    private void End(string? failure)
    {
        Set(SnapshotReport.Idle with { Failure = failure });
        Volatile.Write(ref _isBusy, 0);
    }

    /// <summary>A state held still.</summary>
    internal sealed class Turn(SnapshotProducer producer, SnapshotArchive archive) : IProgress<SnapshotProgress>, IDisposable
    {
        private string? _failure;

        public SnapshotArchive Archive { get; } = archive;

        /// <exception cref="OperationCanceledException">The caller or the server ended it.</exception>
        /// <exception cref="IndexException">A file cannot be read.</exception>
        /// <exception cref="IOException">The output cannot be written.</exception>
        public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
        {
            long began = producer.Time.GetTimestamp();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, producer._stop.Token);
            producer.Log.LogInformation("making a snapshot of block {Height}", Archive.Height);
            try
            {
                await BackgroundThread.RunAsync(ThreadName, () =>
                {
                    Archive.Write(output, this, stop.Token);
                    return true;
                });
                producer.Log.LogInformation(
                    "made a snapshot of block {Height}: {Bytes} bytes in {Seconds:0.0} s", Archive.Height, Archive.Length, producer.Time.GetElapsedTime(began).TotalSeconds);
            }
            catch (Exception failure)
            {
                _failure = failure is OperationCanceledException ? "it was broken off" : failure.Message;
                producer.Log.LogWarning("no snapshot of block {Height}: {Reason}", Archive.Height, _failure);
                throw;
            }
        }

        public void Report(SnapshotProgress value) => producer.Set(new SnapshotReport(value.Step, value.Done, value.Total, Failure: null));

        public void Dispose()
        {
            Archive.Dispose();
            producer.End(_failure);
        }
    }
}
