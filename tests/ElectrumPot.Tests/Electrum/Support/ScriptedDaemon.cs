// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>A daemon that answers as a test tells it to; by default it knows nothing and refuses everything.</summary>
internal sealed class ScriptedDaemon : IDaemonGateway
{
    public static DaemonUnavailableException Away { get; } = new(DaemonState.Unreachable, "nobody listens");

    public Func<string, Task<Hash256>> OnBroadcast { get; set; } = _ => throw new DaemonRejectedException(-22, "TX rejected");

    public ConcurrentDictionary<Hash256, byte[]> Transactions { get; } = new();

    /// <summary>When set, transactions come only once it completes.</summary>
    public Task? Hold { get; set; }

    public Func<Hash256, JsonElement?> OnVerbose { get; set; } = _ => null;

    public Func<int, Task<long?>> OnEstimate { get; set; } = _ => Task.FromResult<long?>(null);

    public Func<ValueTask<RelayFees>> OnRelayFees { get; set; } = () => ValueTask.FromResult(RelayFees.Of(100_000));

    public ConcurrentQueue<int> Estimates { get; } = new();

    public string DaemonVersion => "v0.8.7.2-POSv";

    public async Task<Hash256> BroadcastAsync(string rawHex, CancellationToken cancellation)
    {
        await Task.Yield();
        return await OnBroadcast(rawHex);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> GetRawTransactionAsync(Hash256 txid, CancellationToken cancellation)
    {
        if (Hold is { } hold) await hold.WaitAsync(cancellation);
        return Transactions.TryGetValue(txid, out byte[]? raw) ? raw.AsMemory() : (ReadOnlyMemory<byte>?)null;
    }

    public Task<JsonElement?> GetVerboseTransactionAsync(Hash256 txid, CancellationToken cancellation) => Task.FromResult(OnVerbose(txid));

    /// <summary>By default the daemon has no packages.</summary>
    public Func<IReadOnlyList<string>, Task<JsonElement?>> OnPackage { get; set; } = _ => Task.FromResult<JsonElement?>(null);

    /// <summary>By default the daemon cannot test.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<MempoolAcceptance>?> OnTest { get; set; } = _ => null;

    public Dictionary<Hash256, int> BlockHeights { get; } = [];

    public ConcurrentQueue<FeeEstimateMode> EstimateModes { get; } = new();

    public async Task<JsonElement?> SubmitPackageAsync(IReadOnlyList<string> transactions, CancellationToken cancellation)
    {
        await Task.Yield();
        return await OnPackage(transactions);
    }

    public Task<IReadOnlyList<MempoolAcceptance>?> TestMempoolAcceptAsync(IReadOnlyList<string> transactions, CancellationToken cancellation) =>
        Task.FromResult(OnTest(transactions));

    public Task<int?> GetBlockHeightAsync(Hash256 hash, CancellationToken cancellation) =>
        Task.FromResult(BlockHeights.TryGetValue(hash, out int height) ? height : (int?)null);

    public Task<long?> EstimateFeeAsync(int blocks, FeeEstimateMode mode, CancellationToken cancellation)
    {
        Estimates.Enqueue(blocks);
        EstimateModes.Enqueue(mode);
        return OnEstimate(blocks);
    }

    public ValueTask<RelayFees> GetRelayFeesAsync(CancellationToken cancellation) => OnRelayFees();
}
