// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;

namespace ElectrumPot.Electrum.Backend;

/// <summary>
/// What sessions need potcoind for. Every member may throw a <see cref="DaemonException"/>;
/// none is called while anything is locked.
/// </summary>
public interface IDaemonGateway
{
    /// <exception cref="DaemonRejectedException">The daemon's own code and message, for the wallet.</exception>
    Task<Hash256> BroadcastAsync(string rawHex, CancellationToken cancellation);

    /// <returns>The daemon's own report; null when it has no packages.</returns>
    /// <exception cref="DaemonErrorException">It is no package; the message says why.</exception>
    Task<JsonElement?> SubmitPackageAsync(IReadOnlyList<string> transactions, CancellationToken cancellation);

    /// <returns>In the order asked for; null when the daemon cannot test.</returns>
    Task<IReadOnlyList<MempoolAcceptance>?> TestMempoolAcceptAsync(IReadOnlyList<string> transactions, CancellationToken cancellation);

    /// <returns>Null when the block is unknown or not on the daemon's best chain.</returns>
    Task<int?> GetBlockHeightAsync(Hash256 hash, CancellationToken cancellation);

    /// <returns>Null when neither mempool nor chain has it. Completes at once when cached.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetRawTransactionAsync(Hash256 txid, CancellationToken cancellation);

    /// <returns>The daemon's own decoding; null when it does not know the transaction.</returns>
    Task<JsonElement?> GetVerboseTransactionAsync(Hash256 txid, CancellationToken cancellation);

    /// <returns>Smallest unit per 1000 bytes; null when the daemon cannot tell.</returns>
    Task<long?> EstimateFeeAsync(int blocks, FeeEstimateMode mode, CancellationToken cancellation);

    /// <returns>Completes at once after the first call.</returns>
    ValueTask<RelayFees> GetRelayFeesAsync(CancellationToken cancellation);

    /// <summary>As the daemon calls itself; empty before it was reached. Never waits.</summary>
    string DaemonVersion { get; }
}
