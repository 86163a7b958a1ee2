// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace ElectrumPot.Server.Admin;

/// <summary>The status for people.</summary>
internal static class StatusText
{
    public static string Write(StatusReport report)
    {
        var text = new StringBuilder();
        Line(text, "server", $"Electrum-POT server {report.Version}, process {report.Pid}, up {Duration(TimeSpan.FromSeconds(report.UptimeSeconds))}");
        Line(text, "coin", report.Coin);
        Line(text, "state", $"{report.State.Replace('_', ' ')}{(report.Height < 0 ? ", no block yet" : Invariant($", block {report.Height:N0}"))}{(report.Serving ? "" : "; the ports for wallets are closed")}");
        if (report.Import is { } import) Line(text, "import", ProgressText.Write(import));
        string height = report.Daemon.Height < 0 ? "" : Invariant($", block {report.Daemon.Height:N0}");
        Line(text, "daemon", $"{report.Daemon.Address}{height}, {report.Daemon.Status.Replace('_', ' ')}");
        Line(text, "wallets", Invariant($"{report.Sessions:N0} connected, {report.Subscriptions:N0} subscriptions"));
        Line(text, "mempool", Invariant($"{report.Mempool.Transactions:N0} transactions, {report.Mempool.Bytes:N0} bytes"));
        Line(text, "memory", Invariant($"{report.MemoryBytes >> 20:N0} MB"));
        Line(text, "data", report.DataFolder);
        Line(text, "ports", string.Join(", ", report.Ports));
        if (report.Certificate is { } certificate)
            Line(text, "certificate", $"{certificate.File}, until {certificate.NotAfter:yyyy-MM-dd}, SHA-256 {certificate.Fingerprint}");
        foreach (string warning in report.Warnings) Line(text, "warning", warning);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The two largest units, such as <c>3 h 12 min</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays} d {time.Hours} h",
        { TotalHours: >= 1 } => $"{time.Hours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{time.Seconds} s",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(13)).Append(value).Append('\n');
}
