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

    private readonly Lock _gate = new();
    private Task<DaemonInfo>? _asking;
    private DaemonInfo? _info;
    private long _infoAt;

    public string DaemonVersion => Volatile.Read(ref _info)?.Version ?? "";

    public Task<Hash256> BroadcastAsync(string rawHex, CancellationToken cancellation) => daemon.SendRawTransactionAsync(rawHex, cancellation);

    public ValueTask<ReadOnlyMemory<byte>?> GetRawTransactionAsync(Hash256 txid, CancellationToken cancellation) =>
        transactions.GetAsync(txid, cancellation);

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
        if (Volatile.Read(ref _info) is not { } info) info = await AskOnceAsync().WaitAsync(cancellation);
        else if (time.GetElapsedTime(Volatile.Read(ref _infoAt)) > InfoLifetime) _ = AskOnceAsync();
        long minimum = info.RelayFee ?? coin.RelayFee;
        return new RelayFees(minimum, Math.Max(minimum, info.MempoolMinFee ?? minimum), info.IncrementalRelayFee ?? minimum);
    }

    /// <summary>However many ask, the daemon is asked once at a time; what is known stays valid when it is away.</summary>
    private Task<DaemonInfo> AskOnceAsync()
    {
        lock (_gate)
        {
            if (_asking is { IsCompleted: false } asking) return asking;
            return _asking = AskAsync();
        }
    }

    private async Task<DaemonInfo> AskAsync()
    {
        // Whoever asks holds the gate until the first wait.
        await Task.Yield();
        try
        {
            DaemonInfo info = await daemon.GetInfoAsync(CancellationToken.None);
            Volatile.Write(ref _info, info);
            return info;
        }
        finally
        {
            // After a failure as well: the next question comes after the same pause.
            Volatile.Write(ref _infoAt, time.GetTimestamp());
        }
    }
}
