// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>Chains with everything in them that a real one has: all kinds of scripts, reused addresses, chains of payments within one block.</summary>
internal static class ChainScenario
{
    /// <summary>Enough for the first coins to be spendable.</summary>
    private const int Maturity = 100;

    /// <summary>A young chain: mined coins of every kind of script, mature, and the address that was reused for most of them.</summary>
    public static async Task<string> BeginAsync(LitecoinDaemon daemon)
    {
        string reused = await daemon.NewAddressAsync("legacy");
        string key = await daemon.PublicKeyOfAsync(reused);
        string other = await daemon.PublicKeyOfAsync(await daemon.NewAddressAsync());
        await daemon.MineToDescriptorAsync($"pk({key})", 3);
        await daemon.MineToDescriptorAsync($"multi(1,{key},{other})", 2);
        await daemon.MineAsync(10, reused);
        await daemon.MineAsync(10, await daemon.NewAddressAsync("p2sh-segwit"));
        await daemon.MineAsync(Maturity, await daemon.NewAddressAsync());
        return reused;
    }

    /// <summary>Blocks of payments, the same for the same seed as far as the daemon's own choices allow.</summary>
    public static async Task GrowAsync(LitecoinDaemon daemon, int blocks, int seed)
    {
        var random = new Random(seed);
        var addresses = new List<string>();
        foreach (string type in new[] { "legacy", "p2sh-segwit", "bech32" })
        {
            for (int i = 0; i < 3; i++) addresses.Add(await daemon.NewAddressAsync(type));
        }

        string key = await daemon.PublicKeyOfAsync(addresses[0]);
        addresses.Add(await MultisigAsync(daemon, "p2sh-segwit"));
        addresses.Add(await MultisigAsync(daemon, "bech32"));
        for (int block = 0; block < blocks; block++)
        {
            for (int payments = random.Next(5); payments > 0; payments--)
                await daemon.SendAsync(addresses[random.Next(addresses.Count)], random.Next(1, 200) / 100m);
            if (block % 5 == 0) await PayUnusualScriptsAsync(daemon, key);
            await daemon.MineAsync(address: addresses[random.Next(addresses.Count)]);
        }
    }

    /// <summary>One transaction to scripts that have a history and to some that have none.</summary>
    public static Task<string> PayUnusualScriptsAsync(LitecoinDaemon daemon, string publicKey) => RawTransaction.PayScriptsAsync(
        daemon,
        (NaiveScript.PayToPublicKey(publicKey), 1_000_000),
        ("6a0b68656c6c6f20776f726c64", 0),
        ("006a", 1_000_000),
        ("51", 1_000_000),
        ("", 1_000_000),
        ("ffff", 1_000_000));

    private static async Task<string> MultisigAsync(LitecoinDaemon daemon, string type)
    {
        string[] keys =
        [
            await daemon.PublicKeyOfAsync(await daemon.NewAddressAsync()),
            await daemon.PublicKeyOfAsync(await daemon.NewAddressAsync()),
        ];
        return (await daemon.Wallet.CallAsync("addmultisigaddress", 2, keys, "", type)).GetProperty("address").GetString()!;
    }
}
