// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// Long ranges from the daemon's block files where they can be read, all else over RPC. Says in the log which, and why. For one
/// reader at a time.
/// </summary>
/// <param name="dataFolder">The daemon's data folder as the operator named it, absolute; null when he named none.</param>
/// <param name="positionOf">Where the block at a height stands in the block files, as far as the index knows.</param>
public sealed class FallbackBlockSource(
    string? dataFolder,
    DaemonClient daemon,
    Coin coin,
    IBlockSource rpc,
    Func<int, BlockPosition?> positionOf,
    BlockFileOptions options,
    ILogger<FallbackBlockSource> log) : IBlockSource
{
    private BlockFileSource? _files;
    private IBlockSource? _chosen;
    private string? _told;

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceBlock> ReadAsync(int firstHeight, int lastHeight, CancellationToken cancellationToken)
    {
        IBlockSource source = (long)lastHeight - firstHeight + 1 >= options.MinRangeBlocks ? Choose() : rpc;
        _chosen = source;
        return source.ReadAsync(firstHeight, lastHeight, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Distrust(int height) => _chosen is { } source && source.Distrust(height);

    private IBlockSource Choose()
    {
        if (dataFolder is null)
        {
            if (IsNews("")) log.ImportingOverRpc();
            return rpc;
        }

        if (_files is { HasGivenUp: true }) return rpc;
        try
        {
            // Looked at each time: a datadir that could not be read may have been made readable meanwhile, or the reverse.
            BlockFileFolder folder = BlockFileLocator.Find(dataFolder, coin);
            if (_files is null || IsNews(folder.Path))
            {
                log.ImportingFromFiles(folder.Path, folder.Describe());
                _files = new BlockFileSource(folder, daemon, rpc, positionOf, options, log);
                _told = folder.Path;
            }

            return _files;
        }
        catch (BlockFilesException failure)
        {
            if (IsNews(failure.Message)) log.FilesUnusable(failure.Message);
            return rpc;
        }
    }

    /// <summary>A reading that is begun again after a change of the chain is nothing to tell.</summary>
    private bool IsNews(string text)
    {
        if (text == _told) return false;
        _told = text;
        return true;
    }
}
