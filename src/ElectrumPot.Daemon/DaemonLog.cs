// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon;

/// <summary>Log lines of this project. What repeats while nothing changes is logged once.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(1, LogLevel.Information, "Daemon at {Endpoint} answers")]
    public static partial void DaemonAnswers(this ILogger log, DaemonEndpoint endpoint);

    [LoggerMessage(2, LogLevel.Warning, "{Problem}")]
    public static partial void DaemonFails(this ILogger log, string problem);

    [LoggerMessage(3, LogLevel.Debug, "Daemon has no method {Method}")]
    public static partial void MethodMissing(this ILogger log, string method);

    [LoggerMessage(4, LogLevel.Warning, "Broadcast of {Txid}: the reply was lost; asking whether the daemon has it")]
    public static partial void BroadcastReplyLost(this ILogger log, Hash256 txid);

    [LoggerMessage(5, LogLevel.Warning, "Daemon sent other bytes for mempool transaction {Txid}; left out")]
    public static partial void MempoolMismatch(this ILogger log, Hash256 txid);
}
