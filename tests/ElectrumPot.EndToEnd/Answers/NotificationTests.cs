// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>What is announced, to whom, and in which order (semantics, Notifications).</summary>
public sealed class NotificationTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const string Headers = "blockchain.headers.subscribe";

    [Fact]
    public async Task A_payment_is_announced_in_the_mempool_and_again_in_its_block_after_the_header()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address));
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync(Headers);
        await client.CallAsync("blockchain.scripthash.subscribe", watched);

        string txid = await fixture.Daemon.SendAsync(address, 0.5m);
        await client.WaitForStatusAsync(watched, NaiveHistory.StatusOf([(txid, 0)]));
        var history = Answers.Entries(await client.CallAsync("blockchain.scripthash.get_history", watched));
        history.ShouldBe([(await fixture.ModelAsync()).MempoolEntry(txid)]);

        await fixture.Daemon.MineAsync();
        int height = await fixture.Daemon.HeightAsync();
        Notification status = await client.WaitForStatusAsync(watched, NaiveHistory.StatusOf([(txid, height)]));

        List<Notification> announced = [.. client.Notifications];
        announced.FindIndex(notification => notification.Method == Headers && HeightOf(notification) == height)
            .ShouldBeInRange(0, announced.IndexOf(status) - 1, "a client asks for proofs only up to the tip it has heard of");
    }

    [Fact]
    public async Task Every_announced_status_is_new_and_is_the_hash_of_the_history_behind_it()
    {
        string address = await fixture.Daemon.NewAddressAsync("legacy");
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address));
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.scripthash.subscribe", watched);
        for (int round = 0; round < 10; round++)
        {
            await fixture.Daemon.SendAsync(address, 0.1m);
            if (round % 3 == 2) await fixture.Daemon.MineAsync();
        }

        NaiveIndex index = await fixture.SettleAsync();
        await client.WaitForStatusAsync(watched, index.History(LitecoinFixture.PruningLimit, watched).Status);

        string?[] statuses = [.. client.Notifications.Select(notification => notification.Parameters[1].GetString())];
        statuses.Zip(statuses.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
        Answers.Entries(await client.CallAsync("blockchain.scripthash.get_history", watched))
            .ShouldBe(index.History(LitecoinFixture.PruningLimit, watched).All);
    }

    [Fact]
    public async Task Nobody_hears_of_a_script_that_he_does_not_watch()
    {
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(await fixture.Daemon.NewAddressAsync()));
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync(Headers);
        await client.CallAsync("blockchain.scripthash.subscribe", watched);

        await fixture.Daemon.SendAsync(await fixture.Daemon.NewAddressAsync(), 0.5m);
        await fixture.Daemon.MineAsync();

        int height = await fixture.Daemon.HeightAsync();
        await client.WaitForAsync(notification => notification.Method == Headers && HeightOf(notification) == height);
        await client.CallAsync("server.ping");
        client.Notifications.ShouldAllBe(notification => notification.Method == Headers);
    }

    [Fact]
    public async Task A_script_hash_is_announced_exactly_as_the_client_wrote_it()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address)).ToUpperInvariant();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.scripthash.subscribe", watched);

        string txid = await fixture.Daemon.SendAsync(address, 0.5m);

        await client.WaitForStatusAsync(watched, NaiveHistory.StatusOf([(txid, 0)]));
        await fixture.Daemon.MineAsync();
    }

    [Fact]
    public async Task Many_clients_on_tcp_and_tls_are_all_told()
    {
        string address = await fixture.Daemon.NewAddressAsync();
        string watched = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address));
        var clients = new List<ElectrumClient>();
        try
        {
            for (int i = 0; i < 40; i++)
            {
                clients.Add(await fixture.Server.ConnectAsync(tls: i % 2 == 0));
                await clients[i].CallAsync("blockchain.scripthash.subscribe", watched);
            }

            string txid = await fixture.Daemon.SendAsync(address, 0.5m);

            await Task.WhenAll(clients.Select(client => client.WaitForStatusAsync(watched, NaiveHistory.StatusOf([(txid, 0)]))));
            await fixture.Daemon.MineAsync();
        }
        finally
        {
            foreach (ElectrumClient client in clients) await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Blocks_in_quick_succession_end_with_the_last_one_announced()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync(Headers);

        await fixture.Daemon.MineAsync(30);

        int height = await fixture.Daemon.HeightAsync();
        string header = await fixture.Daemon.HeaderAsync(height);
        Notification last = await client.WaitForAsync(notification => HeightOf(notification) == height);
        last.Parameters[0].GetProperty("hex").GetString().ShouldBe(header);
        last.Parameters[0].EnumerateObject().Count().ShouldBe(2, "newer clients refuse any member besides height and hex");
        client.Notifications.Select(HeightOf).ShouldBeInOrder();
    }

    private static int HeightOf(Notification notification) => notification.Parameters[0].GetProperty("height").GetInt32();
}
