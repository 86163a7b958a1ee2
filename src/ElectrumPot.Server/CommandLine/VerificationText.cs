// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Index.Verification;
using ElectrumPot.Server.Admin;

namespace ElectrumPot.Server.CommandLine;

/// <summary>A verification in words: a line for each step and now and then one in between, and what it has found.</summary>
internal sealed class VerificationText(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly long _started = time.GetTimestamp();
    private string? _step;
    private long _written;

    public void Show(VerificationProgress progress)
    {
        bool isNew = progress.Step != _step;
        if (!isNew && time.GetElapsedTime(_written) < LineInterval) return;
        (_step, _written) = (progress.Step, time.GetTimestamp());
        output.WriteLine(isNew ? $"reading  {progress.Step}" : Invariant($"         {progress.Step}: {progress.Rows:N0} of about {progress.Expected:N0} rows"));
        output.Flush();
    }

    public void WriteOutcome(VerificationReport report)
    {
        foreach (Finding finding in report.Findings) output.WriteLine($"wrong    {finding.Table}: {finding.Text}");
        if (report.FindingCount > report.Findings.Count) output.WriteLine(Invariant($"wrong    and {report.FindingCount - report.Findings.Count:N0} more of the same kinds"));
        string tip = report.Height < 0 ? "no block yet" : Invariant($"block {report.Height:N0} {report.Hash}, {report.Transactions:N0} transactions");
        string import = report.IsImported ? "" : ", import not complete yet";
        long rows = report.Tables.Sum(table => table.Rows);
        long bytes = report.Tables.Sum(table => table.Bytes);
        output.WriteLine(Invariant($"read     {rows:N0} rows, {bytes:N0} bytes in {StatusText.Duration(time.GetElapsedTime(_started))}"));
        if (report.IsSound) output.WriteLine(Invariant($"sound    {tip}{import}; {report.UndoableBlocks:N0} blocks can be undone"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
