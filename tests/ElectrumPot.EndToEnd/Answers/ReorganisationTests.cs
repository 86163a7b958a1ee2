// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>Blocks that are taken back, by a real litecoind.</summary>
public sealed class ReorganisationTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    [InlineData(25, 26)]
    public async Task Another_branch_replaces_the_last_blocks(int depth, int replacement)
    {
        await ChainScenario.GrowAsync(fixture.Daemon, depth + 2, seed: 100 + depth);
        await fixture.SettleAsync();

        await fixture.Daemon.ReorganiseAsync(depth, replacement);

        NaiveIndex index = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, LitecoinFixture.PruningLimit);
    }

    [Fact]
    public async Task A_shorter_branch_is_followed_when_it_has_outgrown_the_old_one()
    {
        await ChainScenario.GrowAsync(fixture.Daemon, 4, seed: 150);
        NaiveIndex before = await fixture.SettleAsync();

        await fixture.Daemon.ReorganiseAsync(4, 2);
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.HeadersShouldMatchAsync(before);
        await fixture.Daemon.MineAsync(3);

        NaiveIndex after = await fixture.SettleAsync();
        await client.ShouldAllMatchAsync(after, LitecoinFixture.PruningLimit);
    }

    [Fact]
    public async Task Everybody_concerned_is_told_of_the_new_tip_and_of_his_new_history()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address));
        string txid = await fixture.Daemon.SendAsync(address, 1m);
        await fixture.Daemon.MineAsync();
        NaiveIndex before = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");
        (await client.CallAsync("blockchain.scripthash.subscribe", watched)).GetString().ShouldBe(Status(before, watched));

        // The payment goes back to the mempool and is confirmed one block later than before.
        await fixture.Daemon.InvalidateFromAsync(before.Height);
        await fixture.Daemon.Rpc.CallAsync("generateblock", await fixture.Daemon.NewAddressAsync(), Array.Empty<string>());
        await fixture.Daemon.MineAsync();

        NaiveIndex after = await fixture.SettleAsync();
        after.History(0, watched).All.ShouldBe([new NaiveEntry(txid, before.Height + 1)]);
        await client.WaitForAsync(notification =>
            notification.Method == "blockchain.headers.subscribe"
            && notification.Parameters[0].GetProperty("hex").GetString() == after.Blocks[^1].Header);
        await client.WaitForStatusAsync(watched, Status(after, watched));
    }

    [Fact]
    public async Task A_payment_that_was_spent_otherwise_on_the_new_branch_is_gone()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string funding = await fixture.Daemon.SendAsync(address, 3m);
        await fixture.Daemon.MineAsync();
        int output = await fixture.Daemon.OutputOfAsync(funding, address);
        string first = await fixture.Daemon.NewAddressAsync();
        string second = await fixture.Daemon.NewAddressAsync();
        string toFirst = await RawTransaction.SignAsync(fixture.Daemon, [(funding, output)], first, 2.999m);
        string toSecond = await RawTransaction.SignAsync(fixture.Daemon, [(funding, output)], second, 2.999m);
        await fixture.Daemon.Rpc.CallAsync("sendrawtransaction", toFirst);
        await fixture.Daemon.MineAsync();
        NaiveIndex before = await fixture.SettleAsync();
        string lost = NaiveReader.ReadTransaction(toFirst, NaiveFormat.Litecoin).Txid;

        await fixture.Daemon.InvalidateFromAsync(before.Height);
        await fixture.Daemon.Rpc.CallAsync("generateblock", await fixture.Daemon.NewAddressAsync(), new[] { toSecond });
        await fixture.Daemon.MineAsync();

        NaiveIndex after = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.ShouldAllMatchAsync(after, LitecoinFixture.PruningLimit);
        string firstScript = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(first));
        (await client.CallAsync("blockchain.scripthash.get_history", firstScript)).GetArrayLength().ShouldBe(0);
        var refused = await Should.ThrowAsync<ElectrumErrorException>(
            () => client.CallAsync("blockchain.transaction.get_merkle", lost, before.Height));
        refused.Code.ShouldBe(1);
    }

    [Fact]
    public async Task A_branch_that_grew_while_the_server_was_down_is_taken_over_at_the_next_start()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon, pruningLimit: 1);
        await server.StartAsync();
        await ChainScenario.GrowAsync(fixture.Daemon, 12, seed: 200);
        await server.CatchUpAsync(fixture.Daemon);
        await server.StopAsync();

        await fixture.Daemon.ReorganiseAsync(10);
        await ChainScenario.GrowAsync(fixture.Daemon, 3, seed: 201);

        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);
        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(await fixture.ModelAsync(), pruningLimit: 1);
    }

    [Fact]
    public async Task A_branch_deeper_than_the_undo_data_is_recovered_from_the_daemon()
    {
        // Spends that the limit has removed do not come back; here nothing is.
        const int Limit = 1_000;
        await using ServerProcess server = ServerProcess.For(fixture.Daemon, pruningLimit: Limit);
        server.Configuration["rocksdb", "reorg_limit"] = 10;
        await ChainScenario.GrowAsync(fixture.Daemon, 35, seed: 210);
        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);

        await fixture.Daemon.ReorganiseAsync(30);

        await server.CatchUpAsync(fixture.Daemon);
        await using ElectrumClient client = await server.ConnectAsync();
        NaiveIndex index = await fixture.ModelAsync();
        await Eventually.PassAsync(() => client.ShouldAllMatchAsync(index, pruningLimit: Limit));
        server.Process.HasExited.ShouldBeFalse();
    }

    private static string? Status(NaiveIndex index, string script) => index.History(LitecoinFixture.PruningLimit, script).Status;
}
