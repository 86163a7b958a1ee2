// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.Server.Admin;

/// <summary>The progress of an import in one line.</summary>
internal static class ProgressText
{
    /// <summary>Such as <c>61.3 % of about 370,554 transactions, 812 blocks/s, 15,021 transactions/s, 12 s left, 210 MB written</c>.</summary>
    public static string Write(ImportReport import)
    {
        var parts = new List<string>(5);
        if (import.PercentOf == "work")
        {
            parts.Add($"{Percent(import)} done");
        }
        else
        {
            if (import.Percent is not null) parts.Add($"{Percent(import)} of {Whole(import)}");
            if (import.PercentOf == "blocks" && import.Transactions > 0) parts.Add(Invariant($"{import.Transactions:N0} transactions"));
            if (import.BlocksPerSecond > 0) parts.Add(Invariant($"{import.BlocksPerSecond:N0} blocks/s, {import.TransactionsPerSecond:N0} transactions/s"));
        }

        if (import.SecondsLeft is { } left) parts.Add($"{StatusText.Duration(TimeSpan.FromSeconds(left))} left");
        if (import.BytesWritten is { } bytes) parts.Add(Invariant($"{bytes >> 20:N0} MB written"));
        return parts.Count == 0 ? "not begun" : string.Join(", ", parts);
    }

    /// <summary>With state, heights and memory: the whole story of a server that imports.</summary>
    public static string WriteLine(StatusReport report)
    {
        string height = report.Height < 0 ? "" : Invariant($" block {report.Height:N0}");
        string of = report.Daemon.Height < 0 ? "" : Invariant($" of {report.Daemon.Height:N0}");
        string import = report.Import is { } progress ? $"; {Write(progress)}" : "";
        return $"{report.State.Replace('_', ' ')}{height}{of}{import}{Invariant($"; memory {report.MemoryBytes >> 20:N0} MB")}";
    }

    // 100.0 % before the end would be a lie.
    private static string Percent(ImportReport import) => Invariant($"{Math.Floor((import.Percent ?? 0) * 10) / 10:0.0} %");

    private static string Whole(ImportReport import) => import switch
    {
        { PercentOf: "blocks" } => "the blocks",
        { ChainTransactions: null } => "the transactions",
        { IsEstimate: true } => Invariant($"about {import.ChainTransactions:N0} transactions"),
        _ => Invariant($"{import.ChainTransactions:N0} transactions"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
