// SPDX-License-Identifier: MIT

using Serilog.Core;
using Serilog.Events;

namespace ElectrumPot.Server.Logging;

/// <summary>Writes log lines above the line of progress. The log's own lines of progress are left to the file, since that line tells the same.</summary>
internal sealed class AboveLineSink(TerminalLine line, ILogEventSink console) : ILogEventSink, IDisposable
{
    private const string EventId = "EventId";
    private const string EventName = "Name";

    // Names of methods of the follower's log.
    private static readonly string[] LinesOfProgress = ["ImportProgress", "WorkProgress"];

    public void Emit(LogEvent logEvent)
    {
        if (!TellsProgress(logEvent)) line.Above(() => console.Emit(logEvent));
    }

    public void Dispose() => (console as IDisposable)?.Dispose();

    private static bool TellsProgress(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(EventId, out LogEventPropertyValue? id)
        && id is StructureValue parts
        && parts.Properties.Any(part => part.Name == EventName && part.Value is ScalarValue { Value: string name } && LinesOfProgress.Contains(name, StringComparer.Ordinal));
}
