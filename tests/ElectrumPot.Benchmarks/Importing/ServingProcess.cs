// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Benchmarks.ChainGeneration;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>The handing out of a generated chain in a process of its own, so that its work is not counted as the server's.</summary>
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

    public static async Task<ServingProcess> StartAsync(GeneratedChain chain, CancellationToken cancellation)
    {
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", chain.Folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("the serving process ended");
        return new ServingProcess(process, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        // The end of its standard input is its end.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
