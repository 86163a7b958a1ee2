// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>sendrawtransaction, case by case and version by version (recorded in the rpc-samples of the three nodes).</summary>
public sealed class TransactionSubmissionTests
{
    private const long Amount = 20 * 100_000_000L;
    private const long Fee = 100_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DevNodeVersion.Pow0864, "-22 TX rejected", "-5 transaction already in block chain", "-22 TX rejected", "")]
    [InlineData(DevNodeVersion.Posv0872, "-22 TX rejected", "-5 transaction already in block chain", "-22 TX rejected", "-22 TX rejected")]
    [InlineData(DevNodeVersion.Og0950, "", "-27 transaction already in block chain", "-25 ", "-26 68: absurdly-high-fee")]
    public async Task A_transaction_again_a_double_spend_and_a_high_fee(
        DevNodeVersion version, string inMempool, string inChain, string doubleSpend, string highFee)
    {
        await using DevNode node = await StartAsync(version);
        (OutPoint mine, SpendRecipe recipe) = FundAndMine(node);
        DevTransaction spend = Spend(node, mine, recipe, Amount - Fee);
        (await SendAsync(node, spend)).ShouldBe("");
        node.Mempool.Find(spend.Txid).ShouldNotBeNull().Fee.ShouldBe(Fee);
        (await SendAsync(node, spend)).ShouldBe(inMempool);
        (await SendAsync(node, Spend(node, mine, recipe, Amount - (2 * Fee)))).ShouldBe(doubleSpend);

        node.MineBlock().Transactions.ShouldContain(transaction => transaction.Txid == spend.Txid);
        (await SendAsync(node, spend)).ShouldBe(inChain);

        (OutPoint other, SpendRecipe otherRecipe) = FundAndMine(node);
        (await SendAsync(node, Spend(node, other, otherRecipe, 1))).ShouldBe(highFee);
    }

    [Theory]
    [InlineData(DevNodeVersion.Pow0864, "-22 TX rejected", "-22 TX rejected")]
    [InlineData(DevNodeVersion.Posv0872, "-22 TX rejected", "-22 TX rejected")]
    [InlineData(DevNodeVersion.Og0950, "-25 ", "-26 16: bad-txns-inputs-lower-outputs")]
    public async Task Missing_inputs_spent_inputs_bad_signatures_and_coins_from_nothing(DevNodeVersion version, string invalid, string fromNothing)
    {
        await using DevNode node = await StartAsync(version);
        (OutPoint mine, SpendRecipe recipe) = FundAndMine(node);
        DevTransaction good = Spend(node, mine, recipe, Amount - Fee);

        (await SendAsync(node, Spend(node, new OutPoint(good.Txid, 0), recipe, 1))).ShouldBe(invalid);
        (await SendAsync(node, Spend(node, mine with { Index = 77 }, recipe, 1))).ShouldBe(invalid);
        (await SendAsync(node, Spend(node, mine, SpendRecipe.PublicKeyHash(node.Keys[999]), Amount - Fee))).ShouldBe(invalid);
        var unsigned = new DevTransaction(good.Version, [good.Inputs[0] with { Script = [] }], good.Outputs, 0, good.Time);
        (await SendAsync(node, unsigned)).ShouldBe(invalid);
        (await SendAsync(node, Spend(node, mine, recipe, Amount + 1))).ShouldBe(fromNothing);
        node.Mempool.Count.ShouldBe(0);
        (await SendAsync(node, good)).ShouldBe("");
    }

    [Theory]
    [InlineData(DevNodeVersion.Posv0872, "-22 TX rejected", "-22 TX rejected", "-22 TX rejected", "-22 TX rejected")]
    [InlineData(DevNodeVersion.Og0950, "-26 0: ", "-26 64: version", "", "")]
    public async Task Versions_times_and_null_data_in_the_stake_era(
        DevNodeVersion version, string oldVersion, string newVersion, string earlyTime, string nullData)
    {
        await using DevNode node = await StartAsync(version);
        (OutPoint mine, SpendRecipe recipe) = FundAndMine(node);
        foreach (int old in new[] { 1, 2, 3 })
            (await SendAsync(node, Spend(node, mine, recipe, Amount - Fee, version: old))).ShouldBe(oldVersion);
        (await SendAsync(node, Spend(node, mine, recipe, Amount - Fee, version: 5))).ShouldBe(newVersion);
        (await SendAsync(node, Spend(node, mine, recipe, Amount - Fee, time: 1_300_000_000))).ShouldBe(earlyTime);

        (OutPoint other, SpendRecipe otherRecipe) = FundAndMine(node);
        DevTransaction withData = new DevTransaction(
            4, [new TxInput(other, [])], [new TxOutput(0, ScriptBuilder.NullData([1, 2, 3])), new TxOutput(Amount - Fee, otherRecipe.Script)], 0, TimeFor(node))
            .SignedWith([otherRecipe]);
        (await SendAsync(node, withData)).ShouldBe(nullData);
    }

    [Theory]
    [InlineData(DevNodeVersion.Posv0872, "-5 transaction already in block chain", "-22 TX rejected")]
    [InlineData(DevNodeVersion.Og0950, "-27 transaction already in block chain", "-26 16: coinbase")]
    public async Task Coinbase_and_coinstake_are_refused(DevNodeVersion version, string inChain, string coinbase)
    {
        await using DevNode node = await StartAsync(version);
        DevBlock tip = node.Chain.Tip;
        tip.IsProofOfStake.ShouldBeTrue();
        (await SendAsync(node, tip.Transactions[0])).ShouldBe(coinbase);
        (await SendAsync(node, tip.Transactions[1])).ShouldBe(inChain);
    }

    [Fact]
    public async Task Bytes_after_the_transaction_are_ignored_and_a_transaction_from_tomorrow_waits()
    {
        await using DevNode node = await StartAsync(DevNodeVersion.Posv0872);
        (OutPoint mine, SpendRecipe recipe) = FundAndMine(node);
        uint tomorrow = (uint)DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds();
        DevTransaction future = Spend(node, mine, recipe, Amount - Fee, time: tomorrow);
        RawReply reply = await RawHttp.CallAsync(
            node, "sendrawtransaction", $"[\"{Convert.ToHexStringLower(future.Raw)}abcdef\"]", Cancellation);
        reply.Json.GetProperty("result").GetString().ShouldBe(future.Txid.ToString());

        node.MineBlocks(3);
        node.Mempool.Find(future.Txid).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wallets_transaction_of_today_is_mined_into_the_old_chain()
    {
        await using DevNode node = await StartAsync(DevNodeVersion.Posv0872);
        (OutPoint mine, SpendRecipe recipe) = FundAndMine(node);
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (await SendAsync(node, Spend(node, mine, recipe, Amount - Fee, time: now))).ShouldBe("");
        DevBlock block = node.MineBlock();
        block.Transactions.Count.ShouldBe(3);
        block.Header.Time.ShouldBe(now);
    }

    [Fact]
    public async Task Every_kind_of_output_can_be_paid_to_and_spent_with_checked_signatures()
    {
        await using DevNode node = await StartAsync(DevNodeVersion.Posv0872);
        DevKey[] keys = [node.Keys[700], node.Keys[701], node.Keys[704]];
        foreach (SpendRecipe recipe in new[]
        {
            SpendRecipe.PublicKeyHash(keys[0]), SpendRecipe.PublicKeyHash(keys[2]), SpendRecipe.PublicKey(keys[1]), SpendRecipe.PublicKey(keys[2]),
            SpendRecipe.Multisig(1, keys[..2]), SpendRecipe.Multisig(2, keys), SpendRecipe.ScriptHashOfMultisig(2, keys),
            SpendRecipe.ScriptHashOfHashLock([1, 2, 3, 4]),
        })
        {
            DevTransaction funding = node.PayToScript(recipe.Script, Amount);
            DevTransaction spend = Spend(node, new OutPoint(funding.Txid, 0), recipe, Amount - Fee);
            (await SendAsync(node, spend)).ShouldBe("", Convert.ToHexStringLower(recipe.Script));
        }

        node.MineBlock().Transactions.Count.ShouldBe(18);
    }

    private static Task<DevNode> StartAsync(DevNodeVersion version) => DevNode.StartAsync(
        new DevNodeOptions { Version = version, BlockCount = 40, LastPowHeight = 30, TransactionsPerBlock = 0, LargeBlockTransactions = 0, SlowWrites = false },
        Cancellation);

    private static (OutPoint OutPoint, SpendRecipe Recipe) FundAndMine(DevNode node)
    {
        DevKey key = node.Keys[500];
        DevTransaction funding = node.PayTo(key.Address(node.Coin), Amount);
        node.MineBlock();
        return (new OutPoint(funding.Txid, 0), SpendRecipe.PublicKeyHash(key));
    }

    private static DevTransaction Spend(DevNode node, OutPoint outPoint, SpendRecipe recipe, long value, int? version = null, uint? time = null)
    {
        int chosen = version ?? (node.Options.Version == DevNodeVersion.Pow0864 ? 1 : 4);
        return new DevTransaction(chosen, [new TxInput(outPoint, [])], [new TxOutput(value, SpendRecipe.PublicKeyHash(node.Keys[501]).Script)], 0, time ?? TimeFor(node))
            .SignedWith([recipe]);
    }

    private static uint TimeFor(DevNode node) => node.Chain.Tip.Header.Time + 60;

    /// <returns>Code and message of the error; empty when the txid came back.</returns>
    private static async Task<string> SendAsync(DevNode node, DevTransaction transaction)
    {
        RawReply reply = await RawHttp.CallAsync(node, "sendrawtransaction", $"[\"{Convert.ToHexStringLower(transaction.Raw)}\"]", Cancellation);
        if (reply.Status == 200)
        {
            reply.Json.GetProperty("result").GetString().ShouldBe(transaction.Txid.ToString());
            return "";
        }

        reply.Status.ShouldBe(500);
        return $"{reply.Json.GetProperty("error").GetProperty("code")} {reply.Json.GetProperty("error").GetProperty("message")}";
    }
}
