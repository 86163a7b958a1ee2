// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.Hosting;

/// <summary>The ways to the daemon's blocks: its files, where <c>[potcoind] datadir</c> names them, and RPC.</summary>
internal static class BlockSources
{
    /// <summary>For the follower: files for long ranges, RPC for the rest.</summary>
    public static IBlockSource ForImport(ServerConfiguration configuration, DaemonClient daemon, ChainIndex index, ILoggerFactory loggers)
    {
        return new FallbackBlockSource(
            configuration.GetPath(PotcoindSection.DataFolder),
            daemon,
            configuration.Coin,
            new RpcBlockSource(daemon, new RpcBlockSourceOptions()),
            FindPosition,
            new BlockFileOptions(),
            loggers.CreateLogger<FallbackBlockSource>());

        BlockPosition? FindPosition(int height)
        {
            using ChainView view = index.AcquireView();
            return view.GetBlockPosition(height);
        }
    }

    /// <summary>For single transactions.</summary>
    /// <param name="warn">Told why there is none although there should be.</param>
    /// <returns>Null where the files are not to be had.</returns>
    public static BlockFileReader? ForTransactions(ServerConfiguration configuration, Action<string> warn)
    {
        if (configuration.GetPath(PotcoindSection.DataFolder) is not { } path) return null;
        try
        {
            return new BlockFileReader(BlockFileLocator.Find(path, configuration.Coin), new BlockFileOptions());
        }
        catch (BlockFilesException failure)
        {
            warn($"{failure.Message}; blocks and transactions come over RPC");
            return null;
        }
    }
}
