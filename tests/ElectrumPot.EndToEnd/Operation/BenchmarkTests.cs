// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Operation;

/// <summary>The benchmark is used seldom; that it still works is held here. The server checks the links, merkle roots and spends of its chains.</summary>
public sealed class BenchmarkTests
{
    [Theory]
    [InlineData("busy", 1_500)]
    [InlineData("quiet", 1_500)]
    public async Task Generated_chains_are_imported_and_measured(string shape, int blocks)
    {
        using var folder = new TemporaryFolder("bench");
        await using ChildProcess benchmark = ChildProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "ElectrumPot.Benchmarks"),
            ["import", "--cache", folder.Path, "--shape", shape, "--blocks", $"{blocks}", "--runs", "1"],
            "Build the solution first: scripts/setup does it.");

        (await benchmark.WaitForExitAsync(TimeSpan.FromMinutes(2))).ShouldBe(0, benchmark.Output);

        foreach (string source in new[] { "block files", "RPC", "daemon alone, RPC" })
            benchmark.Output.ShouldMatch($@"\| {shape} \| {blocks:N0} \| [1-9][0-9,]* \| {source} \| [0-9.]+ \|");
        Directory.GetDirectories(folder.Path, "import-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Answering_is_measured_without_an_error()
    {
        using var folder = new TemporaryFolder("bench");
        await using ChildProcess benchmark = ChildProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "ElectrumPot.Benchmarks"),
            [
                "serve", "--cache", folder.Path, "--blocks", "1500", "--runs", "1", "--seconds", "0.5", "--connections", "4", "--only",
                "ping,mix,mix-tls,open,wallet,start,notify,blocks,sessions,idle", "--sessions", "50", "--idle", "20", "--scripts", "200", "--notifications", "2",
            ],
            "Build the solution first: scripts/setup does it.");

        (await benchmark.WaitForExitAsync(TimeSpan.FromMinutes(3))).ShouldBe(0, benchmark.Output);

        benchmark.Output.ShouldNotContain("FAILED");
        foreach (string load in new[] { "ping", "mix", "mix-tls", "open" })
            benchmark.Output.ShouldMatch($@"\| {load} \| [1-9][0-9,]* \| [0-9.]+ \|");
        benchmark.Output.ShouldContain("| sessions | notifications expected | 50 |");
        benchmark.Output.ShouldContain("| sessions | lost | 0 |");
        benchmark.Output.ShouldMatch(@"\| blocks \| blocks of 600 transactions \| [1-9]");
        Directory.GetDirectories(folder.Path, "serve-*").ShouldBeEmpty();
    }
}
