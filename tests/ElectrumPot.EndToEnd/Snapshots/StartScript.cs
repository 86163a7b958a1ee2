// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Snapshots;

/// <summary>
/// The scripts of an operator in a tree of their own, in front of the executable that was built for the tests: what a
/// developer has running from his tree is not touched, and nothing is built.
/// </summary>
internal sealed class StartScript : IAsyncDisposable
{
    private readonly TemporaryFolder _root = new("scripts");

    public StartScript()
    {
        string scripts = FindScripts();
        Directory.CreateDirectory(_root["scripts"]);
        foreach (string name in new[] { "common.sh", "start", "stop" }) File.Copy(Path.Combine(scripts, name), Path.Combine(_root["scripts"], name));
        string setup = Path.Combine(_root["scripts"], "setup");
        File.WriteAllText(setup, "#!/usr/bin/env bash\n");
        File.SetUnixFileMode(setup, File.GetUnixFileMode(Path.Combine(scripts, "setup")));
        string built = _root[Path.Combine("src", "ElectrumPot.Server", "bin", "Release", "net10.0")];
        Directory.CreateDirectory(built);
        File.CreateSymbolicLink(Path.Combine(built, "electrum-pot-server"), ServerProcess.Executable);
    }

    public Task<(int ExitCode, string Output)> StartAsync(params string[] arguments) => RunAsync(Path.Combine(_root["scripts"], "start"), arguments, answer: null);

    /// <summary>On a terminal, where a question is answered with this line.</summary>
    public Task<(int ExitCode, string Output)> StartOnTerminalAsync(string answer, params string[] arguments) => RunAsync(
        "/usr/bin/script",
        ["--quiet", "--return", "--command", string.Join(' ', [Path.Combine(_root["scripts"], "start"), .. arguments]), "/dev/null"],
        answer);

    public async Task StopAsync() => (await RunAsync(Path.Combine(_root["scripts"], "stop"), [], answer: null)).ExitCode.ShouldBe(0);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _root.Dispose();
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, string? answer)
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments, "'script' is in Debian's package bsdutils.");
        if (answer is not null)
        {
            await Eventually.HoldsAsync(() => process.HasExited || process.Output.Contains("fetched from", StringComparison.Ordinal));
            await process.StandardInput.WriteLineAsync(answer);
            await process.StandardInput.FlushAsync();
        }

        // Not until the end of the output, which the server in the background holds open.
        return (await process.WaitForExitAsync(TimeSpan.FromSeconds(90)), process.Output);
    }

    private static string FindScripts()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ElectrumPot.sln"))) return Path.Combine(folder.FullName, "scripts");
        }

        throw new InvalidOperationException("ElectrumPot.sln is in no folder above the tests.");
    }
}
