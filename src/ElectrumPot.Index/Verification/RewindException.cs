// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Verification;

/// <summary>The database cannot be taken back so far. Nothing was changed.</summary>
public sealed class RewindException(int wanted, int possible, int height) : Exception(Describe(wanted, possible, height))
{
    /// <summary>Blocks that can be taken back.</summary>
    public int Possible { get; } = possible;

    private static string Describe(int wanted, int possible, int height) => possible == 0
        ? $"no block can be taken back: the database has no undo data for its tip, block {height}"
        : $"{wanted} blocks cannot be taken back: there are undo data for {possible}, which leads to block {height - possible}. Nothing was changed";
}
