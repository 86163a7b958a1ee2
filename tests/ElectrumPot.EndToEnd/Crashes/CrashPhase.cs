// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>What the server was doing when it was killed.</summary>
internal enum CrashPhase
{
    /// <summary>Opening what the last kill has left.</summary>
    Start,

    /// <summary>Reading the chain for the first time.</summary>
    Import,

    /// <summary>Bringing the imported rows into their final form.</summary>
    ImportEnd,

    /// <summary>At the tip, taking over block by block.</summary>
    Following,

    /// <summary>Taking back blocks, or connecting those in their place.</summary>
    Reorganisation,

    /// <summary>After a reorganisation deeper than can be undone.</summary>
    DeepReorganisation,

    /// <summary>Removing what a lowered pruning limit leaves out.</summary>
    LoweredLimit,

    /// <summary>Copying the database for a snapshot.</summary>
    Snapshot,
}

/// <summary>Reads from the lines of its log what a server was doing at its end.</summary>
internal static class CrashPhases
{
    /// <param name="output">Of this process, from its first line.</param>
    /// <param name="wasImported">The first import was complete before it started.</param>
    public static CrashPhase Read(string output, bool wasImported)
    {
        CrashPhase phase = CrashPhase.Start;
        foreach (string line in output.Split('\n'))
        {
            phase = line switch
            {
                _ when Says(line, "deeper than can be undone") => CrashPhase.DeepReorganisation,
                _ when Says(line, "reorganisation:") => CrashPhase.Reorganisation,
                _ when Says(line, "removing history") => CrashPhase.LoweredLimit,
                _ when Says(line, "caught up with the daemon") || Says(line, "INF block ") => CrashPhase.Following,
                _ when Says(line, "import finished") && wasImported => CrashPhase.Following,
                _ when Says(line, "listening on") && phase == CrashPhase.Start => CrashPhase.Following,
                _ when phase == CrashPhase.DeepReorganisation => phase,
                _ when Says(line, "importing blocks") => wasImported ? CrashPhase.Following : CrashPhase.Import,
                _ when Says(line, "finishing the import") => CrashPhase.ImportEnd,
                _ => phase,
            };
        }

        return phase;
    }

    private static bool Says(string line, string words) => line.Contains(words, StringComparison.Ordinal);
}
