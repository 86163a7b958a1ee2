// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>A disk that fills up: the server stops cleanly, says what is full and what to do, and has lost nothing.</summary>
[Collection(nameof(FaultChain))]
public sealed class FullDiskTests(FaultChain chain, ITestOutputHelper output)
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public async Task An_import_goes_on_wherever_it_was_stopped_by_a_full_disk()
    {
        long size = 2 * Megabyte;
        await using SmallDisk disk = await SmallDisk.MountAsync(size);
        await using Victim victim = NewVictim(disk);

        // Too small for the next step again and again: for table files, for taking them, for the end of the import.
        int stops = 0;
        for (victim.Launch(); !await ServesOrEndsAsync(victim); victim.Launch())
        {
            string error = await FaultChain.ShouldStopForTheDiskAsync(victim, "No space is left", "make room");
            StoreState left = chain.Reference.ShouldEqual(victim);
            output.WriteLine($"{size >> 10} kB: block {left.Height}. {error}");
            size += Megabyte / 6;
            await disk.ResizeAsync(size);
            stops++;
        }

        stops.ShouldBeGreaterThan(4);
        await victim.Server.StopAsync();
        await disk.ResizeAsync(64 * Megabyte);
        await chain.ShouldRecoverAsync(victim);
    }

    [Fact]
    public async Task A_server_at_the_tip_stops_and_says_so_again_until_there_is_room()
    {
        // Small enough that RocksDB finds no room for its log ahead of need.
        await using SmallDisk disk = await SmallDisk.MountAsync(16 * Megabyte);
        await using Victim victim = NewVictim(disk);
        victim.Launch();
        await victim.ReachesAsync(chain.Node.Chain.Tip.Hash);

        // A line that RocksDB's own log has no room for would be the end of the process.
        new FileInfo(Path.Combine(victim.IndexFolderFromHere, "LOG")).Length.ShouldBe(0);
        disk.FillUp(leave: 0);
        await chain.MineUntilItStopsAsync(victim);

        output.WriteLine(await FaultChain.ShouldStopForTheDiskAsync(victim, "No space is left", "make room"));
        chain.Reference.ShouldEqual(victim);

        // Opening a database frees a log; something else takes that room as well.
        disk.FillUp(leave: 0);
        victim.Launch();
        await chain.MineUntilItStopsAsync(victim);
        output.WriteLine(await FaultChain.ShouldStopForTheDiskAsync(victim, "No space is left", "make room"));
        chain.Reference.ShouldEqual(victim);

        disk.MakeRoom();
        await chain.ShouldRecoverAsync(victim);
    }

    private Victim NewVictim(SmallDisk disk)
    {
        Victim victim = chain.NewVictim();
        victim.PlaceOn(disk);
        return victim;
    }

    private static async Task<bool> ServesOrEndsAsync(Victim victim)
    {
        try
        {
            await victim.AnswersWalletAsync();
            return true;
        }
        catch (ProcessEndedException)
        {
            return false;
        }
    }
}
