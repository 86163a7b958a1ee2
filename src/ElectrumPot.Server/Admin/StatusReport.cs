// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace ElectrumPot.Server.Admin;

/// <summary>Everything <c>electrum-pot-server status</c> shows; the JSON names are the members in snake_case.</summary>
internal sealed record StatusReport
{
    public required string Version { get; init; }

    public required int Pid { get; init; }

    public required string Coin { get; init; }

    /// <summary>One of importing, pruning, caught_up, waiting_for_daemon, reorganising, starting, stopping, failed.</summary>
    public required string State { get; init; }

    /// <summary>Whether the ports for wallets are open.</summary>
    public required bool Serving { get; init; }

    /// <summary>Height of the index; -1 when empty.</summary>
    public required int Height { get; init; }

    public required DaemonReport Daemon { get; init; }

    /// <summary>Null once the first import is complete.</summary>
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

internal sealed record ImportReport(long Transactions, double BlocksPerSecond, double TransactionsPerSecond, long? SecondsLeft);

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
