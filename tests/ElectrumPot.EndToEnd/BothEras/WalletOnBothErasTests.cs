// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Legacy;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Wallet;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>Potcoin wallets: Electrum 4.3.4 taught Potcoin's transactions, and Electrum-POT 1.9.8.1.</summary>
public sealed class WalletOnBothErasTests(DevNodeFixture fixture) : IClassFixture<DevNodeFixture>
{
    private const long Coin = 100_000_000;

    [Fact]
    public async Task Electrum_receives_stakes_along_and_sends_a_transaction_with_a_time()
    {
        await using ElectrumWallet wallet = await ElectrumWallet.OpenAsync(
            "potcoin", fixture.Server.TlsPort, seedType: "standard", lastPowBlock: DevNodeFixture.LastPowHeight);
        await wallet.WaitSyncedAsync(fixture.Node.Chain.Height);
        string address = await wallet.AddressAsync(0);
        address.ShouldStartWith("P");

        string received = fixture.Node.PayTo(address, 5 * Coin).Txid.ToString();
        await wallet.WaitTransactionAsync(received, 0);
        fixture.Node.MineBlocks(2);
        WalletState confirmed = await wallet.WaitSyncedAsync(fixture.Node.Chain.Height);
        confirmed.Balance.ShouldBe(new WalletBalance(5 * Coin, 0, 0));

        string receiver = fixture.Node.Keys[500].Address(fixture.Node.Coin);
        string sent = await wallet.PayAsync(receiver, 2 * Coin, 100_000);
        fixture.Node.MineBlocks(1);
        int height = fixture.Node.Chain.Height;
        WalletState state = await wallet.WaitTransactionAsync(sent, height);
        state.Balance.ShouldBe(new WalletBalance((3 * Coin) - 100_000, 0, 0));

        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");
        (await client.CallAsync("blockchain.address.get_balance", receiver)).GetProperty("confirmed").GetInt64().ShouldBe(2 * Coin);
        NaiveReader.ReadTransaction((await client.CallAsync("blockchain.transaction.get", sent, height)).GetString()!, NaiveFormat.Potcoin)
            .Txid.ShouldBe(sent);
    }

    [Fact]
    public async Task The_old_wallet_downloads_and_verifies_across_both_eras()
    {
        string[] addresses = [.. Enumerable.Range(600, 5).Select(key => fixture.Node.Keys[key].Address(fixture.Node.Coin))];
        fixture.Node.PayTo(addresses[0], Coin);
        fixture.Node.MineBlocks(1);
        NaiveIndex index = await fixture.SettleAsync();
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort, NaiveFormat.Potcoin);

        await wallet.SynchroniseHeadersAsync();
        // Stakers' addresses too, whose rewards were paid to their keys.
        await wallet.WatchAsync([.. addresses, .. Enumerable.Range(0, 10).Select(key => fixture.Node.Keys[key].Address(fixture.Node.Coin))]);
        wallet.Headers.Height.ShouldBe(index.Height);
        wallet.Histories[addresses[0]].Single().Height.ShouldBe(index.Height);

        DevTransaction payment = fixture.Node.PayTo(addresses[1], Coin);
        await wallet.UntilStatusAsync(addresses[1], NaiveHistory.StatusOf([(payment.Txid.ToString(), 0)]));
        fixture.Node.MineBlocks(1);
        await wallet.UntilTipAsync(index.Height + 1);
        await wallet.UntilStatusAsync(addresses[1], NaiveHistory.StatusOf([(payment.Txid.ToString(), index.Height + 1)]));
    }
}
