// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Spelling
{
    /// <summary>The closest candidate, or null when none is close enough to be a slip of the keyboard.</summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        (string? best, int distance) = (null, int.MaxValue);
        foreach (string candidate in candidates)
        {
            int now = Distance(word, candidate);
            if (now < distance) (best, distance) = (candidate, now);
        }

        return best is not null && distance <= Math.Max(1, Math.Min(word.Length, best.Length) / 3) ? best : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
