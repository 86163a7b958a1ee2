// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>For questions that have to be answered before anything can go on.</summary>
internal static class DaemonPatience
{
    /// <summary>Asks again until the daemon answers.</summary>
    public static async Task<T> AskUntilAnsweredAsync<T>(this DaemonClient daemon, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ask(cancellationToken);
            }
            catch (DaemonUnavailableException)
            {
                // The client has put it into status and log.
                await daemon.WaitForRetryAsync(cancellationToken);
            }
        }
    }
}
