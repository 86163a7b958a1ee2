// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;
using ElectrumPot.Index.Following;
using ElectrumPot.Tests.Daemon;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Following;

public sealed class WorkReporterTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly IndexFixture _fixture = new();
    private readonly LogCollector<WorkReporterTests> _log = new();

    private IndexProgress Progress => _fixture.Index.Progress;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Tells_part_and_time_left_once_a_second_and_logs_at_the_interval()
    {
        _fixture.Index.Report(Progress with { BytesWritten = 1 << 30, TransactionsPerSecond = 9 });
        var reporter = new WorkReporter(_fixture.Index, IndexState.Finishing, new FollowerOptions { ProgressInterval = TimeSpan.FromSeconds(10) }, _log, _time);
        Progress.State.ShouldBe(IndexState.Finishing);
        Progress.Percent.ShouldBe(0);

        reporter.Report(new WorkProgress(10, 100));
        Progress.Percent.ShouldBe(0, "not a second has passed");

        _time.Advance(TimeSpan.FromSeconds(5));
        reporter.Report(new WorkProgress(25, 100));
        Progress.Percent.ShouldBe(25);
        Progress.PercentOf.ShouldBe(ProgressBasis.Work);
        Progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(15));
        Progress.TransactionsPerSecond.ShouldBe(0);
        Progress.BytesWritten.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1 << 30);
        _log.Lines.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(5));
        reporter.Report(new WorkProgress(50, 100));
        _log.Lines.ShouldHaveSingleItem().Text.ShouldContain("finishing the import: 50.0 %, 10.0 s left, memory ");
    }

    [Fact]
    public void Work_of_unknown_amount_has_no_time_left()
    {
        var reporter = new WorkReporter(_fixture.Index, IndexState.Finishing, new FollowerOptions(), _log, _time);
        _time.Advance(TimeSpan.FromSeconds(5));

        reporter.Report(new WorkProgress(3, 0));

        Progress.TimeLeft.ShouldBeNull();
        Progress.Percent.ShouldBe(0);
    }
}
