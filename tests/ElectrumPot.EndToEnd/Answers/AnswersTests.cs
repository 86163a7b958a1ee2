// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>Every answer about a real litecoind chain against the naive model.</summary>
public sealed class AnswersTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const byte AddressVersion = 111;
    private const byte ScriptVersion = 58;

    [Fact]
    public async Task A_chain_with_every_kind_of_script_is_answered_as_the_model_answers_it()
    {
        await ChainScenario.GrowAsync(fixture.Daemon, blocks: 40, seed: 1);

        NaiveIndex index = await fixture.SettleAsync();

        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, LitecoinFixture.PruningLimit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Another_pruning_limit_imports_the_same_chain_with_its_own_histories(int pruningLimit)
    {
        await ChainScenario.GrowAsync(fixture.Daemon, blocks: 10, seed: 2 + pruningLimit);
        await using ServerProcess server = ServerProcess.For(fixture.Daemon, pruningLimit);
        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);

        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(await fixture.ModelAsync(), pruningLimit);
        await server.StopAsync();
    }

    [Fact]
    public async Task Mempool_chains_have_fees_and_the_heights_0_and_minus_1()
    {
        string first = await fixture.Daemon.NewAddressAsync();
        string second = await fixture.Daemon.NewAddressAsync();
        await fixture.Daemon.MineAsync();
        string parent = await fixture.Daemon.SendAsync(first, 1.25m);
        int index = await fixture.Daemon.OutputOfAsync(parent, first);
        string childHex = await RawTransaction.SignAsync(fixture.Daemon, [(parent, index)], second, 1.2499m);
        string child = (await fixture.Daemon.Rpc.CallAsync("sendrawtransaction", childHex)).GetString()!;

        NaiveIndex model = await fixture.SettleAsync();
        model.MempoolEntry(parent).Height.ShouldBe(0);
        model.MempoolEntry(child).ShouldBe(new NaiveEntry(child, -1, 10_000));
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.HistoriesShouldMatchAsync(model, LitecoinFixture.PruningLimit, model.ScriptHashes);

        // Only the parent is mined: the child moves from -1 to 0 without changing itself, and that is announced.
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(second));
        await client.CallAsync("blockchain.scripthash.subscribe", watched);
        await fixture.Daemon.Rpc.CallAsync(
            "generateblock", await fixture.Daemon.NewAddressAsync(), new[] { await fixture.Daemon.RawTransactionAsync(parent) });
        model = await fixture.SettleAsync();
        model.MempoolEntry(child).Height.ShouldBe(0);
        await client.WaitForStatusAsync(watched, model.History(LitecoinFixture.PruningLimit, watched).Status);
        await client.HistoriesShouldMatchAsync(model, LitecoinFixture.PruningLimit, model.ScriptHashes);
        await fixture.Daemon.MineAsync();
    }

    [Fact]
    public async Task A_script_without_history_has_empty_answers()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        string unknown = new('a', 64);

        (await client.CallAsync("blockchain.scripthash.subscribe", unknown)).ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await client.CallAsync("blockchain.scripthash.get_history", unknown)).GetArrayLength().ShouldBe(0);
        (await client.CallAsync("blockchain.scripthash.get_mempool", unknown)).GetArrayLength().ShouldBe(0);
        (await client.CallAsync("blockchain.scripthash.listunspent", unknown)).GetArrayLength().ShouldBe(0);
        (await client.CallAsync("blockchain.scripthash.get_balance", unknown)).GetProperty("confirmed").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Scripts_that_nobody_can_spend_have_no_history()
    {
        await ChainScenario.PayUnusualScriptsAsync(
            fixture.Daemon, await fixture.Daemon.PublicKeyOfAsync(await fixture.Daemon.NewAddressAsync()));
        await fixture.Daemon.MineAsync();
        await fixture.SettleAsync();

        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        foreach (string script in new[] { "6a0b68656c6c6f20776f726c64", "006a" })
            (await client.CallAsync("blockchain.scripthash.get_history", NaiveScript.HashOf(script))).GetArrayLength().ShouldBe(0, script);
        foreach (string script in new[] { "51", "", "ffff" })
            (await client.CallAsync("blockchain.scripthash.get_history", NaiveScript.HashOf(script))).GetArrayLength().ShouldBeGreaterThan(0, script);
    }

    [Fact]
    public async Task An_address_answers_for_its_key_hash_and_its_key_together_and_a_script_hash_for_itself_alone()
    {
        NaiveIndex index = await fixture.SettleAsync();
        string byHash = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(fixture.ReusedAddress));
        string byKey = NaiveScript.HashOf(NaiveScript.PayToPublicKey(await fixture.Daemon.PublicKeyOfAsync(fixture.ReusedAddress)));
        NaiveHistory merged = index.History(LitecoinFixture.PruningLimit, byHash, byKey);
        merged.All.Count.ShouldBeGreaterThan(index.History(LitecoinFixture.PruningLimit, byHash).All.Count);

        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");
        var addresses = NaiveAddress.Group(index.Scripts, AddressVersion, ScriptVersion);
        addresses[fixture.ReusedAddress].ShouldBe([byHash, byKey], ignoreOrder: true);
        await client.AddressesShouldMatchAsync(index, LitecoinFixture.PruningLimit, addresses);
        await client.HistoriesShouldMatchAsync(index, LitecoinFixture.PruningLimit, [byHash, byKey]);
    }

    [Fact]
    public async Task A_transaction_sent_through_the_server_reaches_the_daemon_and_a_wrong_one_is_refused_in_its_words()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string funding = await fixture.Daemon.SendAsync(address, 2m);
        await fixture.Daemon.MineAsync();
        string hex = await RawTransaction.SignAsync(
            fixture.Daemon, [(funding, await fixture.Daemon.OutputOfAsync(funding, address))], await fixture.Daemon.NewAddressAsync(), 1.999m);
        await using ElectrumClient client = await fixture.Server.ConnectAsync();

        string txid = (await client.CallAsync("blockchain.transaction.broadcast", hex)).GetString()!;

        txid.ShouldBe(NaiveReader.ReadTransaction(hex, NaiveFormat.Litecoin).Txid);
        (await fixture.Daemon.RawTransactionAsync(txid)).ShouldBe(hex);
        (await client.CallAsync("blockchain.transaction.get", txid)).GetString().ShouldBe(hex);
        await fixture.Daemon.MineAsync();
        string spentAgain = await RawTransaction.SignAsync(
            fixture.Daemon, [(txid, 0)], await fixture.Daemon.NewAddressAsync(), 100m);
        var refused = await Should.ThrowAsync<ElectrumErrorException>(() => client.CallAsync("blockchain.transaction.broadcast", spentAgain));
        refused.Code.ShouldBe(1);
        refused.ServerMessage.ShouldContain("bad-txns-in-belowout");
    }
}
