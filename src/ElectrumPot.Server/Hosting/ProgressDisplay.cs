// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Logging;

namespace ElectrumPot.Server.Hosting;

/// <summary>Keeps a terminal's line of progress current while there is progress to tell.</summary>
internal sealed class ProgressDisplay : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TerminalLine _line;
    private readonly Task _showing;

    private ProgressDisplay(TerminalLine line, IServerControl server, TimeProvider time)
    {
        _line = line;
        _showing = ShowAsync(server, time);
    }

    /// <summary>Null without a terminal.</summary>
    public static ProgressDisplay? Start(TerminalLine? line, IServerControl server, TimeProvider time) =>
        line is null ? null : new ProgressDisplay(line, server, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _showing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _line.Show("");
        _stop.Dispose();
    }

    private async Task ShowAsync(IServerControl server, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            StatusReport report = server.GetStatus();
            _line.Show(report.Import is null ? "" : ProgressText.WriteLine(report));
        }
    }
}
