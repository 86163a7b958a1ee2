// SPDX-License-Identifier: MIT

using Serilog.Core;
using Serilog.Events;

namespace ElectrumPot.Server.Logging;

/// <summary>
/// Closes the log file. Its last lines are written then, and a disk that has no room for them must not replace the reason
/// why the process ends by one of its own.
/// </summary>
internal sealed class LastLinesSink(ILogEventSink file, Action<string> report) : ILogEventSink, IDisposable
{
    public void Emit(LogEvent logEvent) => file.Emit(logEvent);

    public void Dispose()
    {
        try
        {
            (file as IDisposable)?.Dispose();
        }
        catch (IOException failure)
        {
            report(failure.Message);
        }
    }
}
