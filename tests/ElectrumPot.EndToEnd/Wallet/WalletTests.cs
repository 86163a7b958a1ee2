// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Wallet;

/// <summary>Electrum 4.3.4 lives on the server: what a user does and sees.</summary>
public sealed class WalletTests(WalletFixture fixture) : IClassFixture<WalletFixture>
{
    private const long Coin = 100_000_000;

    [Theory]
    [InlineData("segwit")]
    [InlineData("standard")]
    public async Task A_wallet_receives_confirms_sends_and_a_second_one_from_the_same_seed_sees_it_all(string seedType)
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync(seedType: seedType);
        await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        (await wallet.StateAsync()).History.ShouldBeEmpty();

        string received = await fixture.PayAsync(wallet, await wallet.AddressAsync(0), 5m);
        (await wallet.EventsAsync()).ShouldContain("new_transaction", "the wallet must be told, it does not ask");
        (await wallet.StateAsync()).Balance.ShouldBe(new WalletBalance(0, 5 * Coin, 0));

        int height = await fixture.MineAsync(wallet);
        WalletState confirmed = await wallet.WaitTransactionAsync(received, height);
        confirmed.Balance.ShouldBe(new WalletBalance(5 * Coin, 0, 0));

        string receiver = await fixture.Daemon.NewAddressAsync();
        string sent = await wallet.PayAsync(receiver, 2 * Coin, 10_000);
        (await fixture.Daemon.Rpc.CallAsync("getrawmempool")).EnumerateArray().Select(txid => txid.GetString()).ShouldContain(sent);
        await wallet.WaitTransactionAsync(sent, 0);

        int later = await fixture.MineAsync(wallet);
        WalletState state = await wallet.WaitTransactionAsync(sent, later);
        state.Balance.ShouldBe(new WalletBalance((3 * Coin) - 10_000, 0, 0));
        state.History.ShouldBe(
        [
            new WalletEntry(received, height, 5 * Coin, null),
            new WalletEntry(sent, later, (-2 * Coin) - 10_000, 10_000),
        ]);
        (await fixture.Daemon.Wallet.CallAsync("getreceivedbyaddress", receiver)).GetDecimal().ShouldBe(2m);

        await using ElectrumWallet second = await fixture.OpenWalletAsync(wallet.Seed, seedType);
        await second.WaitTransactionAsync(sent, later);
        WalletState seen = await second.WaitSyncedAsync(later);
        seen.Balance.ShouldBe(state.Balance);
        seen.History.ShouldBe(state.History);
    }

    [Fact]
    public async Task Payments_on_unconfirmed_payments_are_shown_and_confirmed()
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync();
        await using ElectrumWallet other = await fixture.OpenWalletAsync();
        await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        await other.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        await fixture.PayAsync(wallet, await wallet.AddressAsync(0), 1m);

        string first = await wallet.PayAsync(await other.AddressAsync(0), Coin / 2, 5_000);
        await other.WaitTransactionAsync(first, -1);
        string second = await other.PayAsync(await wallet.AddressAsync(1), Coin / 4, 5_000);
        await wallet.WaitTransactionAsync(second, -1);

        int height = await fixture.MineAsync(wallet);
        await wallet.WaitTransactionAsync(first, height);
        WalletState state = await wallet.WaitTransactionAsync(second, height);
        state.Balance.ShouldBe(new WalletBalance(Coin - (Coin / 2) - 5_000 + (Coin / 4), 0, 0));
        (await other.WaitTransactionAsync(second, height)).Balance.Confirmed.ShouldBe((Coin / 4) - 5_000);
    }

    [Fact]
    public async Task A_server_restarted_under_a_wallet_is_found_again()
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync();
        await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());

        await fixture.Server.StopAsync();
        await wallet.WaitConnectedAsync(false);
        string missed = await fixture.Daemon.SendAsync(await wallet.AddressAsync(0), 1m);
        await fixture.Daemon.MineAsync();
        await fixture.Server.StartAsync();

        await wallet.WaitConnectedAsync(true);
        await wallet.WaitTransactionAsync(missed, await fixture.Daemon.HeightAsync());
        string sent = await wallet.PayAsync(await fixture.Daemon.NewAddressAsync(), Coin / 2, 10_000);
        await wallet.WaitTransactionAsync(sent, await fixture.MineAsync(wallet));
    }

    [Fact]
    public async Task A_reorganisation_moves_a_payment_in_the_wallet()
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync();
        await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        string txid = await fixture.PayAsync(wallet, await wallet.AddressAsync(0), 1m);
        int height = await fixture.MineAsync(wallet);
        await wallet.WaitTransactionAsync(txid, height);

        await fixture.Daemon.InvalidateFromAsync(height);
        string miner = await fixture.Daemon.NewAddressAsync();
        await fixture.Daemon.Rpc.CallAsync("generateblock", miner, Array.Empty<string>());
        await fixture.Daemon.Rpc.CallAsync("generateblock", miner, Array.Empty<string>());

        await wallet.WaitTransactionAsync(txid, 0);
        int later = await fixture.MineAsync(wallet);
        later.ShouldBe(height + 2);
        (await wallet.WaitTransactionAsync(txid, later)).Balance.ShouldBe(new WalletBalance(Coin, 0, 0));
    }

    [Fact]
    public async Task The_certificate_is_pinned_at_first_contact_and_still_the_same_when_the_wallet_is_opened_again()
    {
        using var home = new TemporaryFolder("wallet");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(
            await File.ReadAllTextAsync(fixture.Server.CertificateFile, TestContext.Current.CancellationToken));
        string fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        string seed;
        await using (ElectrumWallet wallet = await OpenAsync())
        {
            await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
            seed = wallet.Seed;
            using X509Certificate2 pinned = X509Certificate2.CreateFromPem(wallet.PinnedCertificate);
            pinned.Thumbprint.ShouldBe(certificate.Thumbprint);
            await wallet.CloseAsync();
        }

        await fixture.Server.StopAsync();
        await fixture.Server.StartAsync();
        await using ElectrumWallet again = await OpenAsync();
        await again.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        again.Seed.ShouldBe(seed);

        Task<ElectrumWallet> OpenAsync() =>
            ElectrumWallet.OpenAsync(WalletFixture.Coin, fixture.Server.TlsPort, home: home, fingerprint: fingerprint);
    }

    [Fact]
    public async Task Plain_tcp_serves_a_wallet_as_well_and_greets_it()
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync(tls: false);

        await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());

        (await wallet.BannerAsync()).ShouldNotBeNullOrWhiteSpace();
        (await wallet.RelayFeeAsync()).ShouldBeGreaterThan(0m);
    }

    [Fact]
    public async Task A_wallet_with_a_long_history_of_reused_addresses_is_complete()
    {
        await using ElectrumWallet wallet = await fixture.OpenWalletAsync();
        string[] addresses = [await wallet.AddressAsync(0), await wallet.AddressAsync(1), await wallet.AddressAsync(0, change: true)];
        for (int payment = 0; payment < 30; payment++)
        {
            await fixture.Daemon.SendAsync(addresses[payment % addresses.Length], 0.1m);
            if (payment % 6 == 5) await fixture.Daemon.MineAsync();
        }

        await wallet.WaitBalanceAsync(3 * Coin, 0);
        WalletState state = await wallet.WaitSyncedAsync(await fixture.Daemon.HeightAsync());
        state.History.Count.ShouldBe(30);
        state.History.ShouldAllBe(entry => entry.Height > 0);
    }
}
