// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Transport;

/// <summary>Keeps going what runs beside the sessions for as long as the server does.</summary>
/// <remarks>
/// What fails is begun again, whatever it is: each of these tasks keeps what it knows in objects that outlive it, updates
/// of the chain wait until they are fetched, and wallets are better served a moment without it than not at all. A
/// failure of the store is the exception; whoever it is reported to stops the process.
/// </remarks>
internal sealed partial class BackgroundTasks(IChainSource chain, TimeProvider time, ILogger log, CancellationToken shutdown)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A failure that stays does not fill the log.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <param name="name">For the log.</param>
    /// <param name="run">Ends when it has nothing to do, or soon after the server begins to stop.</param>
    /// <returns>Ends as <paramref name="run"/> does, and never fails.</returns>
    public async Task KeepAsync(string name, Func<Task> run)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            long began = time.GetTimestamp();
            try
            {
                await run();
                return;
            }
            catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (time.GetElapsedTime(began) > LongestPause) pause = FirstPause;
                LogFailure(failure, name, pause.TotalSeconds);
                chain.Report(failure);
            }

            if (shutdown.IsCancellationRequested) return;
            // Cut short by the end of the server it begins once more, for what is to be done at the end.
            await Task.Delay(pause, time, shutdown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "background task failed name={Name} again_seconds={Seconds}")]
    private partial void LogFailure(Exception failure, string name, double seconds);
}
