// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>Writes that fail for another reason than a full disk: here files that may not grow, as by <c>ulimit -f</c>.</summary>
[Collection(nameof(FaultChain))]
public sealed class WriteErrorTests(FaultChain chain, ITestOutputHelper output)
{
    [Theory]
    [InlineData("importing blocks")]
    [InlineData("listening on")]
    public async Task A_write_that_fails_stops_the_server_and_nothing_is_lost(string moment)
    {
        await using Victim victim = chain.NewVictim();
        victim.Launch();
        await victim.SaysAsync([moment]);

        await LimitFilesAsync(victim, bytes: 20_000);
        await chain.MineUntilItStopsAsync(victim);

        output.WriteLine(await FaultChain.ShouldStopForTheDiskAsync(victim, "File too large", "check the disk"));
        chain.Reference.ShouldEqual(victim);
        await chain.ShouldRecoverAsync(victim);
    }

    private static async Task LimitFilesAsync(Victim victim, long bytes)
    {
        string process = victim.Server.Process.Id.ToString(CultureInfo.InvariantCulture);
        await using ChildProcess limit = ChildProcess.Start(
            "prlimit", ["--pid", process, string.Create(CultureInfo.InvariantCulture, $"--fsize={bytes}")], "It is part of util-linux.");
        (await limit.WaitForExitAsync()).ShouldBe(0, limit.Output);
    }
}
