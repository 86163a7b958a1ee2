// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>A process that should run has ended; the message carries its output.</summary>
internal sealed class ProcessEndedException(string message) : Exception(message);

/// <summary>A process started by a test: its output is kept, and it is ended by its own id, at the latest when the test process exits.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _outputLock = new();
    private readonly Lazy<Task> _ended;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (ChildProcess child in Running.Keys) child.Kill();
    };

    private ChildProcess(Process process)
    {
        _process = process;
        _ended = new Lazy<Task>(() => process.WaitForExitAsync());
    }

    /// <summary>Completes when it has ended and all its output has arrived.</summary>
    public Task Ended => _ended.Value;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Only after the exit; 128 + n when signal n ended the process.</summary>
    public int ExitCode => _process.ExitCode;

    public StreamWriter StandardInput => _process.StandardInput;

    /// <summary>Standard output and standard error so far, line by line in the order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (_outputLock) return _output.ToString();
        }
    }

    /// <summary>Starts a program with redirected streams.</summary>
    /// <param name="advice">What to do when the program is not on this machine.</param>
    /// <param name="onOutputLine">Receives the lines of standard output; they are then not part of <see cref="Output"/>.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        string advice,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string>? onOutputLine = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            if (onOutputLine is null) child.Keep(line.Data);
            else onOutputLine(line.Data);
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null) child.Keep(line.Data);
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"{program} cannot be started ({failure.Message}). {advice}", failure);
        }

        Running[child] = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <exception cref="ProcessEndedException">It runs no longer.</exception>
    public void ShouldRun()
    {
        if (_process.HasExited)
            throw new ProcessEndedException($"{_process.StartInfo.FileName} ended with code {_process.ExitCode}. Its output:\n{Output}");
    }

    /// <summary>Asks the process to end (SIGTERM) and waits until it has.</summary>
    public async Task<int> TerminateAsync(TimeSpan? within = null)
    {
        if (!_process.HasExited) Signal.Terminate(_process.Id);
        return await WaitForExitAsync(within);
    }

    /// <summary>Ends the process as a power failure would end it (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Kill();
        await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync(TimeSpan? within = null)
    {
        TimeSpan deadline = within ?? Eventually.DefaultDeadline;
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} (process {_process.Id}) did not end within {deadline.TotalSeconds:0} s. Its output:\n{Output}",
                late);
        }

        Running.TryRemove(this, out _);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        Running.TryRemove(this, out _);
        _process.Dispose();
    }

    private void Keep(string line)
    {
        lock (_outputLock) _output.Append(line).Append('\n');
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in between.
        }
    }
}
