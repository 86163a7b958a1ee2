// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Following;

/// <summary>Figures of progress as the log has them.</summary>
internal static class ProgressWords
{
    public static string Left(TimeSpan? time) => time is { } left ? Duration(left) : "unknown time";

    public static string Megabytes(long? bytes) => bytes is { } count ? $"{count >> 20} MB" : "unknown amount";

    public static string Duration(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{span.TotalSeconds:0.0} s",
    };
}
