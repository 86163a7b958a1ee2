// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Benchmarks.Serving;

/// <param name="File">A whole configuration.</param>
internal sealed record ServerPlace(string Executable, string File, int AdminPort, int TcpPort, int TlsPort);

/// <summary>The real executable at work, from its start to its clean stop.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(5);

    private readonly ServerPlace _place;
    private readonly Process _process;
    private readonly Task<string> _error;

    private RunningServer(ServerPlace place, Process process)
    {
        _place = place;
        _process = process;
        // Pipes that nobody empties would stop the server.
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        _error = process.StandardError.ReadToEndAsync();
        Dialer = new Dialer(place.TcpPort, place.TlsPort);
    }

    public int Id => _process.Id;

    public Dialer Dialer { get; }

    /// <exception cref="InvalidOperationException">It has ended by itself.</exception>
    public ProcessFigures Figures => ProcessFigures.Read(Id) ?? throw new InvalidOperationException("the server has ended by itself; its log says more");

    /// <summary>Starts the process and does not wait for it.</summary>
    public static RunningServer Start(ServerPlace place)
    {
        var start = new ProcessStartInfo(place.Executable, ["run", "--config", place.File, "--quiet"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        LoadThread.Hide(start);
        return new RunningServer(place, Process.Start(start)!);
    }

    /// <summary>Waits until the ports for wallets are open and the index has the block.</summary>
    /// <exception cref="InvalidOperationException">The server ended; the message carries its words.</exception>
    public async Task UntilServingAsync(int height, CancellationToken cancellation)
    {
        using var client = new AdminClient(_place.AdminPort, "");
        while (true)
        {
            await RequireRunningAsync();
            try
            {
                StatusReport report = await client.GetStatusAsync(cancellation);
                if (report.Serving && report.Height >= height) return;
            }
            catch (CommandFailure)
            {
                // Its admin port is not open yet.
            }

            await Task.Delay(Poll, cancellation);
        }
    }

    /// <exception cref="InvalidOperationException">The server ended; the message carries its words.</exception>
    public async Task RequireRunningAsync()
    {
        if (!_process.HasExited) return;
        string words = await _error;
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the server ended with code {_process.ExitCode}: {words}"));
    }

    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        Signal.Terminate(Id);
        using var patience = new CancellationTokenSource(StopPatience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
    }
}
