// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Simulation;
using ElectrumPot.Tests.Daemon.BlockFiles;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

/// <summary>What <c>check-config</c> says about <c>[potcoind] datadir</c>.</summary>
public sealed class BlockFileFindingTests
{
    [Fact]
    public async Task Files_of_the_coin_are_in_order_wherever_the_configuration_file_names_them_from()
    {
        await using DevNode node = await DevNode.StartAsync(
            new DevNodeOptions { BlockCount = 12, LastPowHeight = 12, SlowWrites = false }, TestContext.Current.CancellationToken);
        using var files = new BlockFolder();
        files.Append(0, node.Chain.BlockAt(0).Raw);

        Finding finding = await FindAsync(Path.GetFileName(files.Path), Path.GetDirectoryName(files.Path)!);

        finding.Severity.ShouldBe(Severity.Ok);
        finding.Text.ShouldBe($"block files {files.Path}: 1 file, 0 MB");
    }

    [Fact]
    public async Task Anything_else_is_a_warning_with_its_remedy_since_the_daemon_has_the_blocks_as_well()
    {
        using var files = new BlockFolder();

        Finding finding = await FindAsync(files.Path, "/etc");

        finding.Severity.ShouldBe(Severity.Warning);
        finding.Text.ShouldBe(
            $"[potcoind] datadir: {files.Path} has no block files (blocks/blk00000.dat); datadir has to be the daemon's data folder. Until then blocks come over RPC");
    }

    [Fact]
    public async Task None_is_worth_a_note()
    {
        Finding finding = await FindAsync("", "/etc");

        finding.Severity.ShouldBe(Severity.Note);
        finding.Text.ShouldStartWith("[potcoind] datadir is empty: blocks come over RPC.");
    }

    private static async Task<Finding> FindAsync(string datadir, string folder)
    {
        ServerConfiguration configuration = ConfigurationFile.Parse(
            $"""
             [potcoind]
             port = {FreePort.Next()}
             datadir = {datadir}
             [admin]
             port =
             """,
            Path.Combine(folder, "pot.conf"));
        await foreach (Finding finding in new StartChecks(configuration, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken))
        {
            if (finding.Text.Contains("block files") || finding.Text.StartsWith("[potcoind] datadir", StringComparison.Ordinal)) return finding;
        }

        throw new InvalidOperationException("There was no finding about block files.");
    }
}
