// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Measuring;
using ElectrumPot.Index.Tables;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

/// <summary>Tells how far an import is: to whoever looks every second, to the log at the interval of the options.</summary>
internal sealed class ImportReporter(ChainIndex index, DaemonClient daemon, FollowerOptions options, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ImportMeter _meter = new(time);
    private readonly ChainSizer _sizer = new(daemon, time);
    private readonly WrittenBytes _written = new(index.Options.Path);
    private bool _hasImported;
    private bool _isImport;
    private IndexState _state;
    private ChainTip _target;
    private long _started;
    private long _reported;
    private long _logged;

    /// <param name="isImport">Many blocks: worth an estimate and lines in the log. Otherwise one report is all.</param>
    public void Begin(IndexState state, ChainTip target, bool isImport, DateTimeOffset? lastBlockAt, CancellationToken cancellation)
    {
        (_state, _target, _isImport) = (state, target, isImport);
        _started = _reported = _logged = time.GetTimestamp();
        IndexTip tip = index.Writer.Tip;
        _meter.Start(tip);
        if (isImport)
        {
            // An import that the daemon interrupts goes on counting.
            if (!_hasImported) _written.Restart();
            _hasImported = true;
            _sizer.Start(tip, target, cancellation);
            log.ImportStarted(tip.Height + 1, target.Height);
        }

        index.Report(Measure(lastBlockAt));
    }

    /// <summary>To be called often.</summary>
    public void Step(DateTimeOffset? lastBlockAt)
    {
        if (!_isImport || time.GetElapsedTime(_reported) < ReportInterval) return;
        _reported = time.GetTimestamp();
        IndexProgress progress = Measure(lastBlockAt);
        index.Report(progress);
        if (time.GetElapsedTime(_logged) < options.ProgressInterval) return;
        _logged = _reported;
        log.ImportProgress(
            progress.Height,
            _target.Height,
            progress.Percent ?? 0,
            DescribeWhole(progress),
            progress.Transactions,
            progress.BlocksPerSecond,
            progress.TransactionsPerSecond,
            ProgressWords.Left(progress.TimeLeft),
            Environment.WorkingSet >> 20,
            ProgressWords.Megabytes(progress.BytesWritten));
    }

    /// <summary>Also after a failure.</summary>
    public Task EndAsync() => _isImport ? _sizer.StopAsync() : Task.CompletedTask;

    /// <summary>All blocks are connected.</summary>
    public void Finished()
    {
        if (!_isImport) return;
        IndexTip tip = index.Writer.Tip;
        log.ImportFinished(tip.Height, tip.Hash, tip.Transactions, ProgressWords.Duration(time.GetElapsedTime(_started)));
    }

    private static string DescribeWhole(IndexProgress progress) => progress switch
    {
        { PercentOf: ProgressBasis.Blocks } => "the blocks",
        { IsChainEstimated: true, ChainTransactions: { } about } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"about {about} transactions"),
        { ChainTransactions: { } total } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{total} transactions"),
        _ => "the transactions",
    };

    private IndexProgress Measure(DateTimeOffset? lastBlockAt)
    {
        IndexProgress progress = _meter.Measure(_state, index.Writer.Tip, _target.Height, _sizer.Size) with { LastBlockAt = lastBlockAt };
        return _isImport ? progress with { BytesWritten = _written.Count() } : progress with { Percent = null, TimeLeft = null };
    }
}
