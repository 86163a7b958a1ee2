// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>Measurements of one chain from one source.</summary>
internal sealed record ImportRow(string Chain, int Height, long Transactions, ImportSource Source, IReadOnlyList<ImportRun> Runs);

/// <summary>The medians as a table for a page.</summary>
internal static class ImportTable
{
    public static string Write(IReadOnlyList<ImportRow> rows)
    {
        var text = new StringBuilder();
        text.Append("| chain | blocks | transactions | source | wall s | server CPU s | daemon CPU s | peak memory MiB | written MB | database MB | written / size | blocks/s | transactions/s |\n");
        text.Append("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (ImportRow row in rows)
        {
            ImportRun median = ImportRun.Median([.. row.Runs]);
            bool isImport = row.Source != ImportSource.DaemonAlone;
            double seconds = median.Wall.TotalSeconds;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Chain} | {row.Height:N0} | {row.Transactions:N0} | {NameOf(row.Source)} | {seconds:0.0} | ")
                .Append(isImport ? Seconds(median.Cpu) : "").Append(" | ")
                .Append(Seconds(median.DaemonCpu)).Append(" | ")
                .Append(isImport ? Number(median.PeakMemory / 1048576.0) : "").Append(" | ")
                .Append(isImport ? Number(median.Written / 1e6) : "").Append(" | ")
                .Append(isImport ? Number(median.DatabaseBytes / 1e6) : "").Append(" | ")
                .Append(isImport ? (median.Written / (double)median.DatabaseBytes).ToString("0.00", CultureInfo.InvariantCulture) : "")
                .Append(CultureInfo.InvariantCulture, $" | {row.Height / seconds:N0} | {row.Transactions / seconds:N0} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{Environment.ProcessorCount} cores, load at the end {File.ReadAllText("/proc/loadavg").Trim()}, .NET {Environment.Version}. ");
        text.Append("Wall seconds of the single runs:\n\n");
        foreach (ImportRow row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {row.Chain}, {row.Height:N0} blocks, {NameOf(row.Source)}: ")
                .AppendJoin(", ", row.Runs.Select(run => Seconds(run.Wall)))
                .Append('\n');
        }

        return text.ToString();
    }

    public static string NameOf(ImportSource source) => source switch
    {
        ImportSource.BlockFiles => "block files",
        ImportSource.Rpc => "RPC",
        _ => "daemon alone, RPC",
    };

    private static string Seconds(TimeSpan time) => time == TimeSpan.Zero ? "" : time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
