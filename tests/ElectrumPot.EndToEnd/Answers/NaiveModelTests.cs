// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>The measuring stick is checked first: the naive model against what litecoind itself says.</summary>
public sealed class NaiveModelTests
{
    [Fact]
    public async Task The_model_agrees_with_the_daemon_about_coins_fees_and_proofs()
    {
        await using LitecoinDaemon daemon = await LitecoinDaemon.StartNewAsync();
        string address = await daemon.NewAddressAsync();
        await daemon.MineAsync(110, address);
        string receiver = await daemon.NewAddressAsync("legacy");
        await daemon.SendAsync(receiver, 1.5m);
        await daemon.MineAsync();
        await daemon.SendAsync(receiver, 0.25m);

        NaiveIndex index = await new NaiveChain(daemon.Rpc, NaiveFormat.Litecoin).ReadAsync();

        index.Height.ShouldBe(111);
        var total = await daemon.Rpc.CallAsync("gettxoutsetinfo");
        index.ScriptHashes.Sum(script => index.History(0, script).ConfirmedBalance)
            .ShouldBe((long)(total.GetProperty("total_amount").GetDecimal() * 100_000_000m));
        index.History(0, NaiveScript.HashOf(await daemon.ScriptOfAsync(receiver))).ConfirmedBalance.ShouldBe(150_000_000);
        var entry = await daemon.Rpc.CallAsync("getmempoolentry", index.MempoolTxids.Single());
        long fee = (long)(entry.GetProperty("fees").GetProperty("base").GetDecimal() * 100_000_000m);
        index.MempoolEntry(index.MempoolTxids.Single()).Fee.ShouldBe(fee);
        index.ScriptHashes.Sum(script => index.History(0, script).UnconfirmedBalance).ShouldBe(-fee);
        foreach (NaiveBlock block in index.Blocks)
        {
            string[] txids = [.. block.Transactions.Select(transaction => transaction.Txid)];
            string root = Convert.ToHexStringLower([.. Convert.FromHexString(block.Header)[36..68].Reverse()]);
            for (int position = 0; position < txids.Length; position++)
            {
                var (branch, proved) = NaiveMerkle.Prove(txids, position);
                proved.ShouldBe(root);
                NaiveMerkle.RootFrom(txids[position], branch, position).ShouldBe(root);
            }
        }
    }
}
