// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Index.Snapshots;

namespace ElectrumPot.Server.CommandLine;

/// <summary>How far a long command is: on a terminal a line that changes, else a line now and then.</summary>
internal sealed class ProgressLine : IProgress<SnapshotProgress>, IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Lock _gate = new();
    private long _shown = Stopwatch.GetTimestamp();
    private int _width;

    private ProgressLine(TextWriter output, bool isTerminal)
    {
        _output = output;
        _isTerminal = isTerminal;
    }

    /// <param name="error">Standard error, so that standard output has only the result.</param>
    public static ProgressLine On(TextWriter error) => new(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);

    public void Report(SnapshotProgress value)
    {
        lock (_gate)
        {
            if (Stopwatch.GetElapsedTime(_shown) < (_isTerminal ? OnTerminal : InFile)) return;
            _shown = Stopwatch.GetTimestamp();
            string text = value.Total > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{value.Step} {value.Done / 1e6:N0} of {value.Total / 1e6:N0} MB, {100.0 * value.Done / value.Total:0} %")
                : value.Step;
            if (_isTerminal)
            {
                _output.Write('\r' + text.PadRight(_width));
                _output.Flush();
                _width = text.Length;
            }
            else
            {
                _output.WriteLine(text);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_width == 0) return;
            _output.Write('\r' + new string(' ', _width) + '\r');
            _output.Flush();
            _width = 0;
        }
    }
}
