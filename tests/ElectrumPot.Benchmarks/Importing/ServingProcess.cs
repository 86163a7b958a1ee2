// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>What stands in for a daemon, in a process of its own, so that its work is not counted as the server's.</summary>
internal sealed class ServingProcess : IDisposable
{
    private readonly Process _process;

    private ServingProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>Hands out a generated chain.</summary>
    /// <param name="height">Of the last block that it shows; null for all of them.</param>
    public static Task<ServingProcess> StartAsync(GeneratedChain chain, CancellationToken cancellation, int? height = null) =>
        StartAsync(["daemon", chain.Folder, "--height", (height ?? chain.Places.Count - 1).ToString(CultureInfo.InvariantCulture)], cancellation);

    /// <summary>A simulated node with a mempool.</summary>
    public static Task<ServingProcess> StartNodeAsync(CancellationToken cancellation) => StartAsync(["node"], cancellation);

    /// <summary>Has it do something, as a line of its standard input says.</summary>
    /// <returns>The time stamp of the moment when it was done; those of all processes of a machine are of one clock.</returns>
    public async Task<long> DoAsync(string line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return long.Parse(await ReadAsync(_process, cancellation), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        // The end of its standard input is its end.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<ServingProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        LoadThread.Hide(start);
        Process process = Process.Start(start)!;
        return new ServingProcess(process, int.Parse(await ReadAsync(process, cancellation), CultureInfo.InvariantCulture));
    }

    /// <summary>The second word of its next line.</summary>
    private static async Task<string> ReadAsync(Process process, CancellationToken cancellation)
    {
        string line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("the process that stands in for the daemon ended");
        return line.Split(' ')[1];
    }
}
