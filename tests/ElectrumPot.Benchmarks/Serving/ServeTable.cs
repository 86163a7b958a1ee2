// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using ElectrumPot.Benchmarks.Serving.Scenarios;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>The medians as tables for a page.</summary>
internal static class ServeTable
{
    public static string Write(IReadOnlyList<ServeRow> rows)
    {
        var text = new StringBuilder();
        ServeRow[] loads = [.. rows.Where(row => row.Runs.Any(run => run.Load is not null))];
        if (loads.Length > 0)
        {
            text.Append("| scenario | requests/s | p50 ms | p99 ms | server CPU s / 10,000 | server + daemon CPU s / 10,000 | RSS MB | of the pings |\n");
            text.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (ServeRow row in loads)
                AppendLoad(text, row);
            text.Append('\n');
        }

        ServeRow[] others = [.. rows.Except(loads)];
        if (others.Length > 0)
        {
            text.Append("| scenario | figure | value |\n| --- | --- | ---: |\n");
            foreach (ServeRow row in others)
                AppendFigures(text, row);
            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, load at the end {File.ReadAllText("/proc/loadavg").Trim()}, .NET {Environment.Version}. Medians of {rows.Max(row => row.Runs.Count)}.");
        if (loads.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $" The load generator took at most {loads.Max(row => Median(row, load => load.GeneratorCpu)):0.000} s of CPU for 10,000 requests. Requests/s of the single runs:\n\n");
        foreach (ServeRow row in loads)
            text.Append(CultureInfo.InvariantCulture, $"- {row.Scenario.Name}: {string.Join(", ", row.Runs.Select(run => Number(run.Load!.PerSecond)))}\n");
        text.Append('\n');
        foreach (ServeRow row in rows.Where(row => row.Failure is not null))
            text.Append(CultureInfo.InvariantCulture, $"\n**{row.Scenario.Name} FAILED**: {row.Failure}\n");
        return text.ToString();
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static void AppendLoad(StringBuilder text, ServeRow row)
    {
        bool knowsDaemon = row.Runs.All(run => run.Load!.AllCpu is not null);
        text.Append(CultureInfo.InvariantCulture, $"| {NameOf(row)} | {Number(Median(row, load => load.PerSecond))} | {Median(row, load => load.P50):0.000} | {Median(row, load => load.P99):0.000} | ")
            .Append(CultureInfo.InvariantCulture, $"{Median(row, load => load.ServerCpu):0.000} | ")
            .Append(knowsDaemon ? Median(row, load => load.AllCpu!.Value).ToString("0.000", CultureInfo.InvariantCulture) : "")
            .Append(CultureInfo.InvariantCulture, $" | {Median(row, load => load.Resident) / 1e6:0} | {Median(row, load => load.PerSecond / load.Yardstick):0.000} |\n");
    }

    private static void AppendFigures(StringBuilder text, ServeRow row)
    {
        for (int i = 0; i < row.Runs[0].Figures.Count; i++)
        {
            Figure first = row.Runs[0].Figures[i];
            double median = Median(row.Runs.Select(run => run.Figures[i].Value));
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(row)} | {first.Name} | {median.ToString(first.Format, CultureInfo.InvariantCulture)} |\n");
        }
    }

    /// <summary>A figure of a run that went wrong is none.</summary>
    private static string NameOf(ServeRow row) => row.Failure is null ? row.Scenario.Name : $"{row.Scenario.Name} (FAILED)";

    private static double Median(ServeRow row, Func<LoadFigures, double> figure) => Median(row.Runs.Select(run => figure(run.Load!)));

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
