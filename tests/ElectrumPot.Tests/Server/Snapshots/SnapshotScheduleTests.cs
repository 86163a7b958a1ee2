// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Index.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

public sealed class SnapshotScheduleTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SnapshotFixture _fixture = new();
    private readonly ManualTime _time = new();
    private readonly SnapshotProducer _producer;

    public SnapshotScheduleTests() => _producer = new SnapshotProducer(_fixture.Source.Index, "1.2.3", NullLogger.Instance, _time);

    private string Folder => Path.Combine(_fixture.Folder, "snapshots");

    public void Dispose()
    {
        _producer.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task The_first_is_made_at_once_the_others_one_interval_apart_and_the_newest_are_kept()
    {
        await using var run = new Run(this, kept: 2);
        await run.WaitsAsync();
        Names().ShouldBe(["potcoin-24-scheduled.tar", "potcoin-latest.tar"]);

        for (int height = 25; height <= 27; height++)
        {
            _fixture.Source.ConnectAndPublish(_fixture.Chain.AddBlock());
            _time.Advance(Day - TimeSpan.FromSeconds(1));
            Names().ShouldNotContain($"potcoin-{height}-scheduled.tar");
            _time.Advance(TimeSpan.FromSeconds(2));
            await run.WaitsAsync(until: () => Names().Contains($"potcoin-{height}-scheduled.tar"));
        }

        await run.WaitsAsync(until: () => Names().Length == 3);
        Names().ShouldBe(["potcoin-26-scheduled.tar", "potcoin-27-scheduled.tar", "potcoin-latest.tar"]);
        (await SnapshotServer.ReadManifestAsync(Path.Combine(Folder, "potcoin-latest.tar"))).Height.ShouldBe(27);
    }

    [Fact]
    public async Task A_restart_does_not_make_another_and_what_was_made_by_hand_stays()
    {
        await using (var run = new Run(this, kept: 1)) await run.WaitsAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "potcoin-3.tar"), "by hand", TestContext.Current.CancellationToken);
        _fixture.Source.ConnectAndPublish(_fixture.Chain.AddBlock());

        await using (var run = new Run(this, kept: 1))
        {
            await run.WaitsAsync();
            Names().ShouldBe(["potcoin-24-scheduled.tar", "potcoin-3.tar", "potcoin-latest.tar"]);
            _time.Advance(Day + TimeSpan.FromSeconds(1));
            await run.WaitsAsync(until: () => Names().Contains("potcoin-25-scheduled.tar") && Names().Length == 3);
        }

        Names().ShouldBe(["potcoin-25-scheduled.tar", "potcoin-3.tar", "potcoin-latest.tar"]);
    }

    [Fact]
    public async Task A_chain_that_stands_still_needs_no_second_copy()
    {
        await using var run = new Run(this, kept: 2);
        await run.WaitsAsync();
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(Folder, "potcoin-24-scheduled.tar"));

        _time.Advance(Day + TimeSpan.FromSeconds(1));
        await run.WaitsAsync(until: () => File.GetLastWriteTimeUtc(Path.Combine(Folder, "potcoin-24-scheduled.tar")) > made);

        Names().ShouldBe(["potcoin-24-scheduled.tar", "potcoin-latest.tar"]);
    }

    [Fact]
    public async Task Where_no_link_can_be_made_the_old_ones_go_all_the_same()
    {
        // What is in its way cannot be removed as a file.
        Directory.CreateDirectory(Path.Combine(Folder, "potcoin-latest.tar.next"));
        await using var run = new Run(this, kept: 1);
        await run.WaitsAsync();
        _fixture.Source.ConnectAndPublish(_fixture.Chain.AddBlock());
        _time.Advance(Day + TimeSpan.FromSeconds(1));
        await run.WaitsAsync(until: () => Names().Contains("potcoin-25-scheduled.tar"));

        await run.WaitsAsync(until: () => Names().Length == 2);
        Names().ShouldBe(["potcoin-25-scheduled.tar", "potcoin-latest.tar.next"]);
    }

    [Fact]
    public async Task A_failure_is_tried_again_after_an_hour()
    {
        using (SnapshotProducer.Turn other = await _producer.BeginAsync())
        {
            await using var run = new Run(this, kept: 2);
            await run.WaitsAsync();
            Directory.Exists(Folder).ShouldBeFalse();
            other.Dispose();
            _time.Advance(TimeSpan.FromMinutes(61));
            await run.WaitsAsync(until: () => Directory.Exists(Folder) && Names().Length == 2);
        }

        Names().ShouldBe(["potcoin-24-scheduled.tar", "potcoin-latest.tar"]);
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SnapshotScheduleTests _test;
        private readonly Task _running;

        public Run(SnapshotScheduleTests test, int kept)
        {
            _test = test;
            _running = new SnapshotSchedule(test._producer, test.Folder, test._fixture.Source.Options.Path, Day, kept, NullLogger.Instance, test._time).RunAsync(_stop.Token);
        }

        /// <summary>Until nothing is left to do before the clock moves.</summary>
        public Task WaitsAsync(Func<bool>? until = null) => Poll.UntilAsync(() =>
        {
            _running.IsCompleted.ShouldBeFalse(_running.Exception?.ToString());
            return (until?.Invoke() ?? true) && _test._time.Waiting > 0;
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
