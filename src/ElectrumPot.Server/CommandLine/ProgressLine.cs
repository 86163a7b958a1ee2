// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Logging;

namespace ElectrumPot.Server.CommandLine;

/// <summary>How far a long command is: on a terminal a line that changes, else a line now and then.</summary>
internal sealed class ProgressLine : IProgress<SnapshotProgress>, IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly TerminalLine? _line;
    private readonly Lock _gate = new();
    private long _shown = Stopwatch.GetTimestamp();

    private ProgressLine(TextWriter output, TerminalLine? line)
    {
        _output = output;
        _line = line;
    }

    /// <param name="error">Standard error, so that standard output has only the result.</param>
    public static ProgressLine On(TextWriter error)
    {
        bool isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new ProgressLine(error, isTerminal ? new TerminalLine(error, static () => Console.WindowWidth) : null);
    }

    public void Report(SnapshotProgress value)
    {
        lock (_gate)
        {
            if (Stopwatch.GetElapsedTime(_shown) < (_line is null ? InFile : OnTerminal)) return;
            _shown = Stopwatch.GetTimestamp();
            string text = value.Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{value.Step} {value.Done / 1e6:N0} of {value.Total / 1e6:N0} MB, {100.0 * value.Done / value.Total:0} %")
                : value.Step;
            if (_line is null) _output.WriteLine(text);
            else _line.Show(text);
        }
    }

    /// <summary>Leaves nothing on the terminal.</summary>
    public void Dispose() => _line?.Show("");
}
