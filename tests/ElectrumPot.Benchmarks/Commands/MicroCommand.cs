// SPDX-License-Identifier: MIT

using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ElectrumPot.Benchmarks.Commands;

/// <summary><c>micro</c>: single hot paths, with what they allocate.</summary>
internal static class MicroCommand
{
    public static Command Make()
    {
        var filter = new Option<string>("--filter") { Description = "Which, such as '*Hex*'.", HelpName = "GLOB", DefaultValueFactory = _ => "*" };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter runs: seconds instead of minutes, and wider margins." };
        Option<string> cache = CommonOptions.Cache();
        var command = new Command("micro", "Measure single hot paths with BenchmarkDotNet.") { filter, quick, cache };
        command.SetAction(parsed =>
        {
            // In this process: a project of its own would have to be restored and built first.
            Job job = (parsed.GetValue(quick) ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
            IConfig config = DefaultConfig.Instance
                .AddJob(job)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .WithArtifactsPath(Path.Combine(Directory.CreateDirectory(parsed.GetValue(cache)!).FullName, "micro"));
            return BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(["--filter", parsed.GetValue(filter)!], config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
        });
        return command;
    }
}
