// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElectrumPot.Server.Hosting;

/// <summary>Asks the daemon whether the last block of a snapshot is on its chain. That is all of a snapshot that it can vouch for.</summary>
internal static class SnapshotChainCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Null when the block is there; why the daemon cannot tell when it is away and that was allowed.</returns>
    /// <exception cref="SnapshotRefusedException">The daemon has another block there, none, or is away.</exception>
    public static async Task<string?> RequireAsync(ServerConfiguration configuration, SnapshotManifest manifest, bool mayBeAway, CancellationToken cancellationToken)
    {
        DaemonOptions options = PartOptions.Daemon(configuration);
        await using var daemon = new DaemonClient(options, configuration.Coin, NullLogger<DaemonClient>.Instance, TimeProvider.System);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        string reason;
        try
        {
            IReadOnlyList<Hash256> hashes = await daemon.GetBlockHashesAsync(manifest.Height, 1, patience.Token);
            if (hashes.Count > 0 && hashes[0].ToString() == manifest.Hash) return null;
            if (hashes.Count > 0)
            {
                throw new SnapshotRefusedException(
                    $"The snapshot is not on the chain of the daemon at {options.Endpoints[0]}: its block {manifest.Height} is {manifest.Hash}, that of the daemon is {hashes[0]}. Take another snapshot.");
            }

            ChainTip tip = await daemon.GetTipAsync(patience.Token);
            throw new SnapshotRefusedException(
                $"The daemon at {options.Endpoints[0]} has only {tip.Height} blocks, the snapshot is of block {manifest.Height}. Wait until the daemon has got there, so that it can tell whether the snapshot is on its chain.");
        }
        catch (WrongCoinException wrong)
        {
            throw new SnapshotRefusedException(wrong.Message, wrong);
        }
        catch (DaemonException away)
        {
            reason = away.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = $"the daemon at {options.Endpoints[0]} did not answer within {Patience.TotalSeconds:0} s";
        }

        if (mayBeAway) return reason;
        throw new SnapshotRefusedException(
            $"Whether the snapshot is on the daemon's chain cannot be told: {reason}. Start the daemon first, or use --unchecked if you know where the snapshot comes from.");
    }
}
