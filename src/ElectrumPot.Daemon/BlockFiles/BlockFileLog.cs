// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>Log lines about block files.</summary>
internal static partial class BlockFileLog
{
    [LoggerMessage(1, LogLevel.Information, "importing from the block files in {Folder} ({Files})")]
    public static partial void ImportingFromFiles(this ILogger log, string folder, string files);

    [LoggerMessage(2, LogLevel.Information, "importing over RPC; with [potcoind] datadir the blocks would be read from the daemon's files, in a fraction of the time")]
    public static partial void ImportingOverRpc(this ILogger log);

    [LoggerMessage(3, LogLevel.Warning, "{Problem}; importing over RPC instead")]
    public static partial void FilesUnusable(this ILogger log, string problem);

    [LoggerMessage(4, LogLevel.Warning, "{Reason}; importing over RPC from block {Height} on")]
    public static partial void FilesGivenUp(this ILogger log, string reason, int height);

    [LoggerMessage(5, LogLevel.Warning, "cannot read {File}: {Reason}; its blocks are asked of the daemon")]
    public static partial void BlockFileUnreadable(this ILogger log, string file, string reason);

    [LoggerMessage(6, LogLevel.Warning, "block {Height} is damaged in {File}; asking the daemon for it")]
    public static partial void BlockDistrusted(this ILogger log, int height, string file);

    [LoggerMessage(7, LogLevel.Information, "{FromFiles} blocks came from the block files and {OverRpc}, which were not found there, over RPC")]
    public static partial void SomeBlocksOverRpc(this ILogger log, long fromFiles, long overRpc);
}
