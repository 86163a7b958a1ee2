// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace ElectrumPot.Server.Admin;

/// <summary>Everything <c>electrum-pot-server status</c> shows; the JSON names are the members in snake_case.</summary>
internal sealed record StatusReport
{
    public required string Version { get; init; }

    public required int Pid { get; init; }

    public required string Coin { get; init; }

    /// <summary>One of importing, finishing, pruning, caught_up, catching_up, waiting_for_daemon, reorganising, starting, stopping, failed.</summary>
    public required string State { get; init; }

    /// <summary>Whether the ports for wallets are open.</summary>
    public required bool Serving { get; init; }

    /// <summary>Height of the index; -1 when empty.</summary>
    public required int Height { get; init; }

    public required DaemonReport Daemon { get; init; }

    /// <summary>Null once the first import is complete, except while there is something long to do.</summary>
    public ImportReport? Import { get; init; }

    public required int Sessions { get; init; }

    public required long Subscriptions { get; init; }

    public required MempoolReport Mempool { get; init; }

    public required long UptimeSeconds { get; init; }

    /// <summary>Resident memory of the process.</summary>
    public required long MemoryBytes { get; init; }

    public required string DataFolder { get; init; }

    /// <summary>Such as <c>tcp 127.0.0.1:50001</c>; also those that open after the first import.</summary>
    public required IReadOnlyList<string> Ports { get; init; }

    public CertificateReport? Certificate { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <param name="Height">-1 before the first answer.</param>
/// <param name="Status">One word: ok, starting, unreachable, timed_out, busy, safe_mode, unauthorized, wrong_coin, malformed, unknown. The reason stands among the warnings.</param>
internal sealed record DaemonReport(string Address, int Height, bool Ok, string Status);

/// <param name="Percent">0 to 100, of what <paramref name="PercentOf"/> names; null before the first measurement.</param>
/// <param name="PercentOf">transactions; blocks, while or where the number of transactions cannot be told; or work, what the states finishing and pruning do.</param>
/// <param name="Transactions">Indexed so far.</param>
/// <param name="ChainTransactions">In the daemon's chain; null while unknown.</param>
/// <param name="IsEstimate">Whether <paramref name="ChainTransactions"/>, and with it the percentage, is estimated from samples.</param>
/// <param name="BlocksPerSecond">Over the last minute.</param>
/// <param name="SecondsLeft">Null when it cannot be told.</param>
/// <param name="BytesWritten">By the whole process since it began to import; null where the kernel does not tell.</param>
internal sealed record ImportReport(
    double? Percent,
    string PercentOf,
    long Transactions,
    long? ChainTransactions,
    bool IsEstimate,
    double BlocksPerSecond,
    double TransactionsPerSecond,
    long? SecondsLeft,
    long? BytesWritten);

internal sealed record MempoolReport(int Transactions, long Bytes);

/// <param name="Fingerprint">SHA-256 of the DER form, lower-case hexadecimal.</param>
internal sealed record CertificateReport(string File, string Fingerprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>Answer to a request that was refused.</summary>
internal sealed record AdminError(string Error);

internal sealed record AdminPid(int Pid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(AdminError))]
[JsonSerializable(typeof(AdminPid))]
[JsonSerializable(typeof(SnapshotReport))]
internal sealed partial class AdminJson : JsonSerializerContext;
