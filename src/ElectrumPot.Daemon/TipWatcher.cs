// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace ElectrumPot.Daemon;

/// <summary>Asks for the tip at an interval and tells of each that differs from the last. Outages are waited out.</summary>
/// <param name="interval">Pause between two questions while the daemon answers at once; see <see cref="PollPace"/>.</param>
public sealed class TipWatcher(DaemonClient daemon, TimeSpan interval, TimeProvider timeProvider)
{
    private readonly PollPace _pace = new(interval, timeProvider);

    /// <summary>
    /// The first tip, then every change, until cancelled. A lower tip than before need not be a reorganisation: a daemon
    /// that reindexes climbs from 0 again along the same blocks. Status and log tell of outages; none ends the watch.
    /// </summary>
    public async IAsyncEnumerable<ChainTip> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChainTip? last = null;
        while (true)
        {
            ChainTip? tip = await AskAsync(cancellationToken);
            if (tip is { } changed && tip != last)
            {
                last = tip;
                yield return changed;
            }

            if (tip is null)
                await daemon.WaitForRetryAsync(cancellationToken);
            else
                await Task.Delay(_pace.Pause, timeProvider, cancellationToken);
        }
    }

    /// <summary>Null while the daemon is away.</summary>
    private async Task<ChainTip?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            long began = _pace.Begin();
            ChainTip tip = await daemon.GetTipAsync(cancellationToken);
            _pace.End(began);
            return tip;
        }
        catch (DaemonUnavailableException)
        {
            // The client has put it into status and log.
            return null;
        }
    }
}
