// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Index.Following;

internal static partial class FollowerLog
{
    [LoggerMessage(1, LogLevel.Information, "importing blocks {First} to {Last} from the daemon")]
    public static partial void ImportStarted(this ILogger log, int first, int last);

    [LoggerMessage(2, LogLevel.Information,
        "block {Height} of {DaemonHeight}, {Percent:0.0} % of {Whole}, {Transactions} transactions, {BlocksPerSecond:0} blocks/s, "
            + "{TransactionsPerSecond:0} transactions/s, {TimeLeft} left, memory {Megabytes} MB, written {Written}")]
    public static partial void ImportProgress(
        this ILogger log,
        int height,
        int daemonHeight,
        double percent,
        string whole,
        long transactions,
        double blocksPerSecond,
        double transactionsPerSecond,
        string timeLeft,
        long megabytes,
        string written);

    [LoggerMessage(3, LogLevel.Information, "import finished at block {Height} {Hash}: {Transactions} transactions in {Duration}")]
    public static partial void ImportFinished(this ILogger log, int height, Hash256 hash, long transactions, string duration);

    [LoggerMessage(4, LogLevel.Information, "removing history beyond pruning_limit = {Limit}")]
    public static partial void PruningStarted(this ILogger log, int limit);

    [LoggerMessage(5, LogLevel.Information, "block {Height} {Hash}: {Transactions} transactions")]
    public static partial void BlockConnected(this ILogger log, int height, Hash256 hash, int transactions);

    [LoggerMessage(6, LogLevel.Warning, "reorganisation: {Depth} blocks above {Fork} are replaced by the daemon's chain")]
    public static partial void Reorganising(this ILogger log, int depth, int fork);

    [LoggerMessage(7, LogLevel.Warning,
        "the daemon left our chain at block {Fork}, {Depth} blocks back and deeper than can be undone: the undo data of {Lost} blocks are made once more "
            + "from the daemon's blocks. Balances and unspent outputs stay exact; spends beyond pruning_limit = {Limit} that were removed do not come "
            + "back, so that the history of a busy address may show fewer old spends than the limit until new ones are made")]
    public static partial void ReorganisingBeyondUndo(this ILogger log, int fork, int depth, int lost, int limit);

    [LoggerMessage(8, LogLevel.Warning, "{Reason}")]
    public static partial void Waiting(this ILogger log, string reason);

    [LoggerMessage(9, LogLevel.Information, "caught up with the daemon at block {Height} {Hash}")]
    public static partial void CaughtUp(this ILogger log, int height, Hash256 hash);

    [LoggerMessage(10, LogLevel.Error, "block {Height} cannot be read: {Reason}")]
    public static partial void BlockUnreadable(this ILogger log, int height, string reason);

    [LoggerMessage(11, LogLevel.Information, "{Work}: {Percent:0.0} %, {TimeLeft} left, memory {Megabytes} MB, written {Written}")]
    public static partial void WorkProgress(this ILogger log, string work, double percent, string timeLeft, long megabytes, string written);

    [LoggerMessage(21, LogLevel.Information, "the daemon shows another chain above block {Fork}, up to block {Height}; comparing its work with that of the index up to {OurHeight}")]
    public static partial void ComparingWork(this ILogger log, int fork, int height, int ourHeight);

    [LoggerMessage(20, LogLevel.Warning,
        "the daemon left our chain at block {Fork}, deeper than can be undone, and does not have the blocks it left; its chain has more work, so the index "
            + "is built anew from the first block. The state before is served until the server stops; after a restart the ports for wallets open when the index is complete")]
    public static partial void BuildingAnew(this ILogger log, int fork);

    [LoggerMessage(12, LogLevel.Information, "finishing the import: building the histories, pruning_limit = {Limit}")]
    public static partial void FinishingStarted(this ILogger log, int limit);
}
