// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class PollPaceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.5, 100)]
    [InlineData(10, 490)]
    [InlineData(1_000, 2_000)]
    public void A_daemon_spends_a_fiftieth_of_its_time_on_answers(double answerMs, double pauseMs)
    {
        var pace = new PollPace(Interval, _time);
        pace.Pause.ShouldBe(Interval);
        for (int i = 0; i < 50; i++) Ask(pace, answerMs);
        pace.Pause.TotalMilliseconds.ShouldBe(pauseMs, tolerance: 1);
    }

    [Fact]
    public void One_slow_answer_is_soon_forgotten()
    {
        var pace = new PollPace(Interval, _time);
        Ask(pace, 20);
        pace.Pause.ShouldBeGreaterThan(Interval);
        for (int i = 0; i < 5; i++) Ask(pace, 0.5);
        pace.Pause.ShouldBe(Interval);
    }

    [Fact]
    public void An_interval_above_the_longest_pause_is_kept()
    {
        var pace = new PollPace(TimeSpan.FromMinutes(1), _time);
        Ask(pace, 60_000);
        pace.Pause.ShouldBe(TimeSpan.FromMinutes(1));
    }

    private void Ask(PollPace pace, double answerMs)
    {
        long began = pace.Begin();
        _time.Advance(TimeSpan.FromMilliseconds(answerMs));
        pace.End(began);
    }
}
