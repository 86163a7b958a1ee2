// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>Files of the database that a disk gives back otherwise than they were written.</summary>
[Collection(nameof(FaultChain))]
public sealed class DamageTests(FaultChain chain, ITestOutputHelper output)
{
    private const int BlockSize = 4096;

    /// <summary>What was damaged can come from a backup: the server has changed nothing else.</summary>
    [Theory]
    [InlineData("cut short")]
    [InlineData("missing")]
    [InlineData("flipped")]
    [InlineData("manifest")]
    public async Task A_damaged_database_is_told_and_left_as_it_is(string damage)
    {
        await using Victim victim = await StoppedAsync();
        Dictionary<string, byte[]> sound = Files(victim, damage == "manifest" ? "MANIFEST-*" : "*.sst").ToDictionary(file => file, File.ReadAllBytes);
        Damage(sound, damage);

        victim.Launch();
        await AskUntilItStopsAsync(victim);

        output.WriteLine(await FaultChain.ShouldStopForTheDiskAsync(victim, "is damaged", "Nothing was changed"));
        foreach ((string file, byte[] bytes) in sound) await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        await chain.ShouldRecoverAsync(victim);
    }

    /// <summary>Blocks that only the damaged part of a log has are read again.</summary>
    [Fact]
    public async Task A_damaged_log_costs_the_blocks_behind_the_damage_and_nothing_else()
    {
        await using Victim victim = chain.NewVictim();
        victim.Launch();
        await victim.ReachesAsync(chain.Node.Chain.Tip.Hash);
        for (int i = 0; i < 20; i++)
        {
            chain.Node.AddRandomTransactions(5);
            chain.Node.MineBlock();
        }

        victim.HighestTip = chain.Node.Chain.Height;
        await victim.ReachesAsync(chain.Node.Chain.Tip.Hash);
        await victim.KillAsync();
        int before = chain.Reference.ShouldEqual(victim).Height;
        string log = Files(victim, "*.log").MaxBy(file => new FileInfo(file).Length)!;
        byte[] bytes = await File.ReadAllBytesAsync(log, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(log, bytes, TestContext.Current.CancellationToken);

        chain.Reference.ShouldEqual(victim).Height.ShouldBeLessThan(before);
        await chain.ShouldRecoverAsync(victim);
    }

    private static void Damage(Dictionary<string, byte[]> files, string damage)
    {
        (string largest, byte[] whole) = files.MaxBy(file => file.Value.Length);
        switch (damage)
        {
            case "cut short":
                File.WriteAllBytes(largest, whole[..(whole.Length / 2)]);
                break;
            case "missing":
                File.Delete(largest);
                break;
            default:
                foreach ((string file, byte[] bytes) in files)
                {
                    byte[] flipped = [.. bytes];
                    for (int i = BlockSize / 2; i < bytes.Length; i += BlockSize) flipped[i] ^= 1;
                    File.WriteAllBytes(file, flipped);
                }

                break;
        }
    }

    private static string[] Files(Victim victim, string pattern) => Directory.GetFiles(victim.IndexFolder, pattern);

    /// <summary>A server with the whole chain, shut down.</summary>
    private async Task<Victim> StoppedAsync()
    {
        Victim victim = chain.NewVictim();
        victim.Launch();
        await victim.ReachesAsync(chain.Node.Chain.Tip.Hash);
        await victim.Server.StopAsync();
        chain.Reference.ShouldEqual(victim);
        return victim;
    }

    /// <summary>Wallets ask for this and that, until one of them meets the damage.</summary>
    private async Task AskUntilItStopsAsync(Victim victim)
    {
        int height = chain.Node.Chain.Height;
        await Eventually.BecomesAsync(
            async () =>
            {
                try
                {
                    await victim.AnswersWalletAsync();
                    await using ElectrumClient client = await victim.Server.ConnectAsync();
                    foreach (string txid in chain.Node.Chain.Blocks.Skip(height - 50).SelectMany(block => block.Transactions).Select(transaction => transaction.Txid.ToString()))
                        await client.CallAsync("blockchain.transaction.get", txid);
                }
                catch (Exception ended) when (ended is ProcessEndedException or IOException or InvalidOperationException or System.Net.Sockets.SocketException)
                {
                    // It is about to stop, or has.
                }

                return victim.Server.Process.HasExited;
            },
            static hasExited => hasExited,
            TimeSpan.FromSeconds(60));
    }
}
