// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Logging;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Follows a server until it serves: in one line of a terminal, elsewhere in lines at intervals.</summary>
internal sealed class StatusWatch(Func<CancellationToken, Task<StatusReport>> ask, TerminalLine? line, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <param name="limit">Ends then at the latest, whatever the server does.</param>
    /// <exception cref="CommandFailure">The server is gone.</exception>
    public async Task RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        long? written = null;
        try
        {
            while (true)
            {
                StatusReport report = await ask(cancellationToken);
                string text = ProgressText.WriteLine(report);
                bool isOver = report.Serving || time.GetElapsedTime(started) >= limit;
                line?.Show(isOver ? "" : text);
                if (isOver || (line is null && (written is null || time.GetElapsedTime(written.Value) >= LineInterval)))
                {
                    await output.WriteLineAsync(text.AsMemory(), cancellationToken);
                    written = time.GetTimestamp();
                }

                if (isOver) return;
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
        finally
        {
            line?.Show("");
        }
    }
}
