// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>One import by the real executable into a new folder, watched from outside until it serves and has closed its database.</summary>
internal sealed class ServerUnderTest(string executable, string workFolder, TextWriter log)
{
    private const string FromFiles = "importing from the block files";
    private const string OverRpc = "importing over RPC";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(5);

    /// <exception cref="InvalidOperationException">The server did not import as it was told; the message carries its words.</exception>
    public async Task<ImportRun> ImportAsync(ImportTarget target, ImportSource source, int height, IReadOnlyList<string> further, CancellationToken cancellation)
    {
        string folder = Path.Combine(workFolder, $"import-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        int admin = FreePort.Next();
        string configuration = Path.Combine(folder, "server.conf");
        string data = Path.Combine(folder, "data");
        await File.WriteAllTextAsync(configuration, target.Configure(data, FreePort.Next(), admin, source == ImportSource.BlockFiles, further), cancellation);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        TimeSpan daemonBefore = CpuOf(target.DaemonPid);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(executable, ["run", "--config", configuration, "--quiet"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            TimeSpan wall = await UntilServingAsync(process, error, admin, height, clock, cancellation);
            TimeSpan daemonCpu = CpuOf(target.DaemonPid) - daemonBefore;
            ProcessFigures figures = await StopAsync(process, cancellation);
            await output;
            Check(Directory.GetFiles(data, "*.log").Select(File.ReadAllText), source);
            return new ImportRun(wall, figures.Cpu, daemonCpu, figures.PeakMemory, figures.Written, SizeOf(Path.Combine(data, "index")));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<TimeSpan> UntilServingAsync(Process process, Task<string> error, int adminPort, int height, Stopwatch clock, CancellationToken cancellation)
    {
        using var client = new AdminClient(adminPort, "");
        TimeSpan logged = TimeSpan.Zero;
        while (true)
        {
            if (process.HasExited) throw new InvalidOperationException($"the server ended with code {process.ExitCode}: {await error}");
            try
            {
                StatusReport report = await client.GetStatusAsync(cancellation);
                if (report.Serving && report.Height >= height) return clock.Elapsed;
                if (clock.Elapsed - logged >= LogInterval)
                {
                    logged = clock.Elapsed;
                    await log.WriteLineAsync($"  {ProgressText.WriteLine(report)}");
                }
            }
            catch (CommandFailure)
            {
                // Its admin port is not open yet.
            }

            await Task.Delay(Poll, cancellation);
        }
    }

    /// <summary>The figures are read until the process is gone: what it writes at its end counts.</summary>
    private static async Task<ProcessFigures> StopAsync(Process process, CancellationToken cancellation)
    {
        ProcessFigures last = ProcessFigures.Read(process.Id) ?? throw new InvalidOperationException("the server ended by itself");
        Signal.Terminate(process.Id);
        var clock = Stopwatch.StartNew();
        while (!process.HasExited)
        {
            if (ProcessFigures.Read(process.Id) is { } figures) last = figures;
            if (clock.Elapsed > StopPatience) throw new InvalidOperationException("the server does not stop");
            await Task.Delay(LastPoll, cancellation);
        }

        if (process.ExitCode != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the server stopped with code {process.ExitCode}"));
        return last;
    }

    /// <summary>An import that fell back to RPC must not pass for one from block files.</summary>
    private static void Check(IEnumerable<string> logs, ImportSource source)
    {
        if (source != ImportSource.BlockFiles) return;
        string text = string.Join('\n', logs);
        if (text.Contains(FromFiles, StringComparison.Ordinal) && !text.Contains(OverRpc, StringComparison.Ordinal)) return;
        throw new InvalidOperationException(
            $"the server did not import from the block files; its log says: {string.Join(" / ", text.Split('\n').Where(line => line.Contains("import", StringComparison.Ordinal)))}");
    }

    private static TimeSpan CpuOf(int? processId) => processId is { } id && ProcessFigures.Read(id) is { } figures ? figures.Cpu : TimeSpan.Zero;

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
