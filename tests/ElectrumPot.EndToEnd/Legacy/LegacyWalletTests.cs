// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Legacy;

/// <summary>None of the threads of Electrum-POT 1.9.8.1 may die on this server.</summary>
[Collection(nameof(LegacyFixture))]
public sealed class LegacyWalletTests(LegacyFixture fixture)
{
    [Fact]
    public async Task A_first_start_downloads_all_headers_and_verifies_every_payment()
    {
        string[] addresses = await NewAddressesAsync(30);
        foreach (string address in addresses.Take(10)) await fixture.Daemon.SendAsync(address, 0.5m);
        await fixture.Daemon.MineAsync();
        NaiveIndex index = await fixture.SettleAsync();
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);

        await wallet.SynchroniseHeadersAsync();
        await wallet.WatchAsync(addresses);

        wallet.Headers.Height.ShouldBe(index.Height);
        Enumerable.Range(0, index.Height + 1).Select(wallet.Headers.HeaderHex).ShouldBe(index.Blocks.Select(block => block.Header));
        foreach (string address in addresses.Take(10)) wallet.Histories[address].Single().Height.ShouldBe(index.Height);
        wallet.Histories.Count.ShouldBe(10, "an address without payments has no status and no history");
    }

    [Fact]
    public async Task Payments_are_announced_verified_and_sent_on()
    {
        string[] addresses = await NewAddressesAsync(2);
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);
        await wallet.SynchroniseHeadersAsync();
        await wallet.WatchAsync(addresses);

        string received = await fixture.Daemon.SendAsync(addresses[0], 1m);
        await wallet.UntilStatusAsync(addresses[0], NaiveHistory.StatusOf([(received, 0)]));
        await fixture.Daemon.MineAsync();
        int height = await fixture.Daemon.HeightAsync();
        await wallet.UntilTipAsync(height);
        await wallet.UntilStatusAsync(addresses[0], NaiveHistory.StatusOf([(received, height)]));

        int output = await fixture.Daemon.OutputOfAsync(received, addresses[0]);
        string hex = await RawTransaction.SignAsync(fixture.Daemon, [(received, output)], addresses[1], 0.999m);
        string sent = await wallet.BroadcastAsync(hex);

        sent.ShouldBe(NaiveReader.ReadTransaction(hex, NaiveFormat.Litecoin).Txid);
        await wallet.UntilStatusAsync(addresses[1], NaiveHistory.StatusOf([(sent, 0)]));
        await wallet.UntilStatusAsync(addresses[0], NaiveHistory.StatusOf([(received, height), (sent, 0)]));
        await fixture.Daemon.MineAsync();
        await wallet.UntilTipAsync(height + 1);
        await wallet.UntilStatusAsync(addresses[0], NaiveHistory.StatusOf([(received, height), (sent, height + 1)]));
    }

    [Fact]
    public async Task A_burst_of_payments_and_blocks_never_shows_a_history_that_was_not_announced()
    {
        string[] addresses = await NewAddressesAsync(3);
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);
        await wallet.SynchroniseHeadersAsync();
        await wallet.WatchAsync(addresses);

        Task paying = PayAsync();
        while (!paying.IsCompleted)
        {
            await wallet.AskAsync("server.version", "1.9.8.1", "0.9");
            foreach (string address in addresses) await wallet.TakeOverAnnouncementAsync(address);
        }

        await paying;
        NaiveIndex index = await fixture.SettleAsync();
        foreach (string address in addresses)
        {
            string script = NaiveScript.HashOf(await fixture.Daemon.ScriptOfAsync(address));
            await wallet.UntilStatusAsync(address, index.History(100, script).Status);
        }

        async Task PayAsync()
        {
            for (int i = 0; i < 24; i++)
            {
                await fixture.Daemon.SendAsync(addresses[i % 3], 0.05m);
                if (i % 8 == 7) await fixture.Daemon.MineAsync();
            }
        }
    }

    [Fact]
    public async Task A_reorganisation_is_walked_back_header_by_header()
    {
        string[] addresses = await NewAddressesAsync(1);
        string txid = await fixture.Daemon.SendAsync(addresses[0], 1m);
        await fixture.Daemon.MineAsync(3);
        NaiveIndex before = await fixture.SettleAsync();
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);
        await wallet.SynchroniseHeadersAsync();
        await wallet.WatchAsync(addresses);

        await fixture.Daemon.InvalidateFromAsync(before.Height - 2);
        await fixture.Daemon.Rpc.CallAsync("generateblock", await fixture.Daemon.NewAddressAsync(), Array.Empty<string>());
        await fixture.Daemon.MineAsync(3);

        NaiveIndex after = await fixture.SettleAsync();
        await wallet.UntilTipAsync(after.Height);
        Enumerable.Range(0, after.Height + 1).Select(wallet.Headers.HeaderHex).ShouldBe(after.Blocks.Select(block => block.Header));
        await wallet.UntilStatusAsync(addresses[0], NaiveHistory.StatusOf([(txid, before.Height - 1)]));
    }

    private async Task<string[]> NewAddressesAsync(int count)
    {
        var addresses = new List<string>();
        for (int i = 0; i < count; i++) addresses.Add(await fixture.Daemon.NewAddressAsync("legacy"));
        return [.. addresses];
    }
}
