// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Answers;

namespace ElectrumPot.EndToEnd.Wallet;

/// <summary>A litecoind and a server with the default pruning limit, for wallets.</summary>
public sealed class WalletFixture() : LitecoinFixture(pruningLimit: 100)
{
    internal const string Coin = "litecoin-regtest";

    internal Task<ElectrumWallet> OpenWalletAsync(string? seed = null, string seedType = "segwit", bool tls = true) =>
        ElectrumWallet.OpenAsync(Coin, tls ? Server.TlsPort : Server.TcpPort, seed, tls, seedType);

    /// <summary>Pays from the daemon's coins and waits until the wallet has shown the payment as unconfirmed.</summary>
    internal async Task<string> PayAsync(ElectrumWallet wallet, string address, decimal amount)
    {
        string txid = await Daemon.SendAsync(address, amount);
        await wallet.WaitTransactionAsync(txid, 0);
        return txid;
    }

    /// <summary>Mines one block and waits until the wallet has verified it up to there.</summary>
    internal async Task<int> MineAsync(ElectrumWallet wallet)
    {
        await Daemon.MineAsync();
        int height = await Daemon.HeightAsync();
        await wallet.WaitSyncedAsync(height);
        return height;
    }
}
