// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Measuring;

/// <summary>
/// Finds out, beside the import, how many transactions there are to come. A newer daemon knows; of an older one a few
/// blocks at even distances are looked at, slowly enough that the import does not feel it. Where neither works nothing
/// is known, and progress goes by blocks.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What is started is stopped, and stopping disposes of it.")]
internal sealed class ChainSizer(DaemonClient daemon, TimeProvider time)
{
    private const int MaxSamples = 200;

    /// <summary>With fewer a single large block would pass for a large part of the chain.</summary>
    private const int MinSamples = 16;

    /// <summary>At most one block in so many is asked for twice, which bounds what looking costs.</summary>
    private const int BlocksPerSample = 64;

    private const int SamplesPerCall = 8;

    /// <summary>Of one socket at most a tenth is taken from the import.</summary>
    private const int PauseFactor = 10;

    /// <summary>Blocks that may have been added since the samples were taken, as one in so many of those that were sampled.</summary>
    private const int MarginDivisor = 50;

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    private CancellationTokenSource? _stop;
    private Task _looking = Task.CompletedTask;
    private ChainSize? _size;

    /// <summary>Completes when there is nothing more to find out.</summary>
    internal Task Looking => _looking;

    /// <summary>Null while nothing is known.</summary>
    public ChainSize? Size => Volatile.Read(ref _size);

    /// <summary>Begins to look; returns at once.</summary>
    public void Start(IndexTip tip, ChainTip target, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _looking = LookAsync(tip, target, _stop.Token);
    }

    public async Task StopAsync()
    {
        if (_stop is not { } stop) return;
        await stop.CancelAsync();
        await _looking;
        stop.Dispose();
        _stop = null;
    }

    private async Task LookAsync(IndexTip tip, ChainTip target, CancellationToken cancellation)
    {
        // The caller has blocks to fetch.
        await Task.Yield();
        try
        {
            if (await daemon.GetTransactionTotalAsync(target, cancellation) is { } total)
                Volatile.Write(ref _size, ChainSize.Known(total));
            else if (!IsCovered(tip.Height + 1, target.Height))
                Volatile.Write(ref _size, await SampleAsync(tip.Height + 1, target.Height, cancellation));
        }
        catch (OperationCanceledException)
        {
            // The import has ended first.
        }
        catch (DaemonException)
        {
            // Whoever needs the blocks waits for the daemon, and says so. A range that is known in part is of no use.
            if (!IsCovered(tip.Height + 1, target.Height)) Volatile.Write(ref _size, null);
        }
    }

    private bool IsCovered(int first, int last) =>
        _size?.Curve is { } curve && curve.First <= first && last <= curve.Last + ((curve.Last - curve.First) / MarginDivisor);

    private async Task<ChainSize?> SampleAsync(int first, int last, CancellationToken cancellation)
    {
        int samples = Math.Min(MaxSamples, (last - first + 1) / BlocksPerSample);
        if (samples < MinSamples) return null;

        // All at once and ascending: the oldest daemons find a height by walking from the one that was asked for last.
        IReadOnlyList<Hash256> hashes = await daemon.GetBlockHashesAsync(TransactionCurve.SampleHeights(first, last, samples), cancellation);
        var counts = new List<long>(samples);
        foreach (Hash256[] some in hashes.Chunk(SamplesPerCall))
        {
            long asked = time.GetTimestamp();
            counts.AddRange(await daemon.GetTransactionCountsAsync(some, cancellation));
            TimeSpan pause = time.GetElapsedTime(asked) * PauseFactor;
            await Task.Delay(pause > MinPause ? pause : MinPause, time, cancellation);
        }

        return ChainSize.Estimated(new TransactionCurve(first, last, [.. counts]));
    }
}
