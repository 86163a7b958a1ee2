// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;
using ElectrumPot.Index.Measuring;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

/// <summary>Tells how far work is that goes over whole tables, in whatever unit it counts. May be reported to as often as one likes.</summary>
internal sealed class WorkReporter : IProgress<WorkProgress>
{
    private const double Telling = 0.05;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ChainIndex _index;
    private readonly IndexState _state;
    private readonly FollowerOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly WrittenBytes _written;
    private readonly long _writtenBefore;
    private readonly long _started;
    private long _reported;
    private long _logged;

    public WorkReporter(ChainIndex index, IndexState state, FollowerOptions options, ILogger log, TimeProvider time)
    {
        (_index, _state, _options, _log, _time) = (index, state, options, log, time);
        _written = new WrittenBytes(index.Options.Path);
        _writtenBefore = index.Progress.BytesWritten ?? 0;
        _started = _reported = _logged = time.GetTimestamp();
        Tell(0, null);
    }

    public void Report(WorkProgress value)
    {
        if (_time.GetElapsedTime(_reported) < ReportInterval) return;
        _reported = _time.GetTimestamp();
        double part = value.Total <= 0 ? 0 : Math.Clamp((double)value.Done / value.Total, 0, 1);
        TimeSpan passed = _time.GetElapsedTime(_started);
        // The first steps prepare, and say nothing of the pace.
        TimeSpan? left = part >= Telling ? passed * ((1 - part) / part) : null;
        Tell(part * 100, left);
        if (_time.GetElapsedTime(_logged) < _options.ProgressInterval) return;
        _logged = _reported;
        _log.WorkProgress(Words, part * 100, ProgressWords.Left(left), Environment.WorkingSet >> 20, ProgressWords.Megabytes(_index.Progress.BytesWritten));
    }

    private string Words => _state switch
    {
        IndexState.Pruning => "removing history",
        IndexState.Reorganising => "going back to the fork",
        _ => "finishing the import",
    };

    private void Tell(double percent, TimeSpan? left) => _index.Report(_index.Progress with
    {
        State = _state,
        Height = _index.Writer.Tip.Height,
        Transactions = _index.Writer.Tip.Transactions,
        BlocksPerSecond = 0,
        TransactionsPerSecond = 0,
        Percent = percent,
        PercentOf = ProgressBasis.Work,
        TimeLeft = left,
        BytesWritten = _written.Count() is { } more ? _writtenBefore + more : null,
    });
}
