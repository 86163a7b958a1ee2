// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Logging;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Server.Admin;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.CommandLine;

public sealed class StatusWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    private readonly ManualTime _time = new();
    private readonly StringWriter _output = new();
    private StatusReport _report = TestReports.Importing;
    private int _asked;

    [Fact]
    public async Task Without_a_terminal_a_line_every_five_seconds_until_wallets_are_served()
    {
        Task watching = Watch(null).RunAsync(Forever, TestContext.Current.CancellationToken);
        for (int i = 0; i < 11; i++) await TickAsync();
        _report = _report with { Serving = true, State = "caught_up", Height = 20_000, Import = null };
        await TickAsync();
        await watching.WaitAsync(Patience, TestContext.Current.CancellationToken);

        string importing = ProgressText.WriteLine(TestReports.Importing);
        _output.ToString().Split('\n').ShouldBe([importing, importing, "caught up block 20,000 of 20,000; memory 300 MB", ""]);
    }

    [Fact]
    public async Task On_a_terminal_one_line_in_place_and_the_end_below()
    {
        var terminal = new StringWriter();
        Task watching = Watch(new TerminalLine(terminal, () => 200)).RunAsync(Forever, TestContext.Current.CancellationToken);
        await TickAsync();
        _output.ToString().ShouldBeEmpty();
        terminal.ToString().ShouldEndWith(ProgressText.WriteLine(TestReports.Importing));

        _report = _report with { Serving = true };
        await TickAsync();
        await watching.WaitAsync(Patience, TestContext.Current.CancellationToken);
        terminal.ToString().ShouldEndWith("\r\u001b[K");
        _output.ToString().ShouldStartWith("importing block 12,345");
    }

    [Fact]
    public async Task The_limit_ends_it_with_the_last_line()
    {
        Task watching = Watch(null).RunAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await TickAsync();
        await TickAsync();
        await watching.WaitAsync(Patience, TestContext.Current.CancellationToken);

        _asked.ShouldBe(3);
    }

    private StatusWatch Watch(TerminalLine? line) => new(
        _ =>
        {
            _asked++;
            return Task.FromResult(_report);
        },
        line,
        _output,
        _time);

    /// <summary>Half a second passes, once the watch waits for it.</summary>
    private async Task TickAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (_time.Waiting == 0) await Task.Delay(5, timeout.Token);
        _time.Advance(TimeSpan.FromMilliseconds(500));
    }
}
