// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Server.Hosting;

/// <summary>The daemon as the sessions see it.</summary>
internal sealed class DaemonGateway(DaemonClient daemon, RawTransactions transactions, Coin coin, TimeProvider time) : IDaemonGateway
{
    /// <summary>Version and relay fee of a daemon change with its restarts only, but what it asks while its mempool is full moves.</summary>
    private static readonly TimeSpan InfoLifetime = TimeSpan.FromSeconds(30);

    private DaemonInfo? _info;
    private long _infoAt;
    private int _refreshing;

    public string DaemonVersion => Volatile.Read(ref _info)?.Version ?? "";

    public Task<Hash256> BroadcastAsync(string rawHex, CancellationToken cancellation) => daemon.SendRawTransactionAsync(rawHex, cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> GetRawTransactionAsync(Hash256 txid, CancellationToken cancellation) =>
        new(transactions.GetAsync(txid, cancellation));

    public Task<JsonElement?> GetVerboseTransactionAsync(Hash256 txid, CancellationToken cancellation) => daemon.GetVerboseTransactionAsync(txid, cancellation);

    public Task<JsonElement?> SubmitPackageAsync(IReadOnlyList<string> transactions, CancellationToken cancellation) =>
        daemon.SubmitPackageAsync(transactions, cancellation);

    public Task<IReadOnlyList<MempoolAcceptance>?> TestMempoolAcceptAsync(IReadOnlyList<string> transactions, CancellationToken cancellation) =>
        daemon.TestMempoolAcceptAsync(transactions, cancellation);

    public Task<int?> GetBlockHeightAsync(Hash256 hash, CancellationToken cancellation) => daemon.GetBlockHeightAsync(hash, cancellation);

    public Task<long?> EstimateFeeAsync(int blocks, FeeEstimateMode mode, CancellationToken cancellation) =>
        daemon.EstimateFeeAsync(blocks, mode, cancellation);

    public async ValueTask<RelayFees> GetRelayFeesAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _info) is not { } info) info = await ReadInfoAsync(cancellation);
        else if (time.GetElapsedTime(Volatile.Read(ref _infoAt)) > InfoLifetime) _ = RefreshAsync();
        long minimum = info.RelayFee ?? coin.RelayFee;
        return new RelayFees(minimum, Math.Max(minimum, info.MempoolMinFee ?? minimum), info.IncrementalRelayFee ?? minimum);
    }

    private async Task<DaemonInfo> ReadInfoAsync(CancellationToken cancellation)
    {
        DaemonInfo info = await daemon.GetInfoAsync(cancellation);
        Volatile.Write(ref _infoAt, time.GetTimestamp());
        Volatile.Write(ref _info, info);
        return info;
    }

    /// <summary>One at a time; what is known stays valid when the daemon is away.</summary>
    private async Task RefreshAsync()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) == 1) return;
        try
        {
            await ReadInfoAsync(CancellationToken.None);
        }
        catch (DaemonException)
        {
            // The daemon's state is shown and logged where it is watched; the next question after this pause asks again.
            Volatile.Write(ref _infoAt, time.GetTimestamp());
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }
}
