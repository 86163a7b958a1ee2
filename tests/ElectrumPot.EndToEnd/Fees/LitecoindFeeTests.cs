// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Fees;

/// <summary>A real block maker that sorts by fee, and has no estimate itself since its chain is too young.</summary>
public sealed class LitecoindFeeTests
{
    private const decimal RelayFee = 0.00003m;

    /// <summary>One input and one output, both native segwit.</summary>
    private const int VirtualSize = 110;

    /// <summary>A little more than three blocks of them.</summary>
    private const int Waiting = 280;

    private const int Probes = 3;

    /// <summary>A block takes 80 of them safely, and the 80th from above pays 24 per virtual byte.</summary>
    private const decimal AllHaveArrived = 0.000235m;

    [Fact]
    public async Task Who_pays_the_estimate_is_in_a_block_within_the_target()
    {
        // Room for 10,000 virtual bytes besides the 1,000 that litecoind reserves.
        await using LitecoinDaemon daemon = await LitecoinDaemon.StartNewAsync("blockmaxweight=44000", "minrelaytxfee=0.00003", "incrementalrelayfee=0.00002");
        List<(string Txid, int Index, decimal Amount)> coins = await MakeCoinsAsync(daemon, Waiting + Probes);
        await using ServerProcess server = ServerProcess.For(daemon);
        SmallBlocks.Define(server, 40_000, SmallBlocks.Litecoin);
        await server.StartAsync();
        await server.CatchUpAsync(daemon);
        await using ElectrumClient client = await server.ConnectAsync();
        (await EstimateAsync(client, 2)).ShouldBe(RelayFee);
        (await client.CallAsync("blockchain.relayfee")).GetDecimal().ShouldBe(RelayFee);
        (await client.CallAsync("mempool.get_info")).EnumerateObject().Select(member => (member.Name, member.Value.GetDecimal())).ShouldBe(
            [("mempoolminfee", RelayFee), ("minrelaytxfee", RelayFee), ("incrementalrelayfee", 0.00002m)], ignoreOrder: true);

        // From 4 to 32 per virtual byte.
        await PayAsync(daemon, coins.Take(Waiting).Select((coin, i) => (coin, Fee: (4 * VirtualSize) + (11 * i))));
        // They come in ascending order, so the estimate rises until the last is there.
        await Eventually.BecomesAsync(() => EstimateAsync(client, 1), rate => rate > AllHaveArrived);
        decimal[] rates = [await EstimateAsync(client, 1), await EstimateAsync(client, 2), await EstimateAsync(client, 3)];
        rates.ShouldBeInOrder(SortDirection.Descending);
        rates[^1].ShouldBeGreaterThan(RelayFee);
        (await EstimateAsync(client, 10)).ShouldBe(RelayFee);

        IReadOnlyList<string> probes = await PayAsync(
            daemon, coins.Skip(Waiting).Zip(rates, (coin, rate) => (coin, Fee: (int)Math.Ceiling(rate * 100_000_000m * VirtualSize / 1000))));
        for (int target = 1; target <= Probes; target++)
        {
            await daemon.MineAsync();
            (await daemon.Rpc.CallAsync("getrawtransaction", probes[target - 1], true)).TryGetProperty("blockhash", out _)
                .ShouldBeTrue($"{rates[target - 1]} should have sufficed for {target} blocks");
        }

        (await daemon.Rpc.CallAsync("getrawmempool")).GetArrayLength().ShouldBeGreaterThan(0, "there was room for everybody; the test proves nothing");
    }

    private static async Task<decimal> EstimateAsync(ElectrumClient client, int target) =>
        (await client.CallAsync("blockchain.estimatefee", target)).GetDecimal();

    /// <summary>So many mature outputs of the daemon's wallet, each on its own.</summary>
    private static async Task<List<(string Txid, int Index, decimal Amount)>> MakeCoinsAsync(LitecoinDaemon daemon, int count)
    {
        const decimal Amount = 0.1m;
        await daemon.MineAsync(110);
        var addresses = await daemon.Wallet.CallManyAsync("getnewaddress", Enumerable.Repeat(new object?[] { "", "bech32" }, count));
        await daemon.Wallet.CallAsync("sendmany", "", addresses.ToDictionary(address => address.GetString()!, _ => Amount));
        await daemon.MineAsync();
        JsonElement unspent = await daemon.Wallet.CallAsync("listunspent");
        return
        [
            .. unspent.EnumerateArray().Where(output => output.GetProperty("amount").GetDecimal() == Amount)
                .Select(output => (output.GetProperty("txid").GetString()!, output.GetProperty("vout").GetInt32(), Amount)),
        ];
    }

    /// <summary>Spends each coin on its own with the given fee (smallest unit); returns the txids.</summary>
    private static async Task<IReadOnlyList<string>> PayAsync(
        LitecoinDaemon daemon, IEnumerable<((string Txid, int Index, decimal Amount) Coin, int Fee)> payments)
    {
        string address = await daemon.NewAddressAsync();
        var raw = await daemon.Rpc.CallManyAsync("createrawtransaction", payments.Select(payment => new object?[]
        {
            new[] { new { txid = payment.Coin.Txid, vout = payment.Coin.Index } },
            new Dictionary<string, decimal> { [address] = payment.Coin.Amount - (payment.Fee / 100_000_000m) },
        }));
        var signed = await daemon.Wallet.CallManyAsync("signrawtransactionwithwallet", raw.Select(hex => new object?[] { hex.GetString() }));
        var sent = await daemon.Rpc.CallManyAsync("sendrawtransaction", signed.Select(transaction => new object?[] { transaction.GetProperty("hex").GetString() }));
        return [.. sent.Select(txid => txid.GetString()!)];
    }
}
