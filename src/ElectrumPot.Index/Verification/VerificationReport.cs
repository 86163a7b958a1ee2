// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Verification;

/// <summary>How far a verification is.</summary>
/// <param name="Step">What is being read, in words.</param>
/// <param name="Rows">Read in this step so far.</param>
/// <param name="Expected">An estimate of all rows of the step; may be less than there are.</param>
public readonly record struct VerificationProgress(string Step, long Rows, long Expected);

/// <summary>What a verification has read.</summary>
/// <param name="Bytes">Of keys and values, before compression.</param>
public sealed record VerifiedTable(string Name, long Rows, long Bytes);

/// <param name="Height">Of the tip; -1 in an empty database.</param>
/// <param name="IsImported">False while the first import, or the cleaning after a lowered limit, has not ended.</param>
/// <param name="UndoableBlocks">Below the tip that have undo data without a gap.</param>
/// <param name="Findings">The first ones of each table.</param>
/// <param name="FindingCount">Of all, those that were only counted included.</param>
public sealed record VerificationReport(
    int Height,
    Hash256 Hash,
    long Transactions,
    bool IsImported,
    int UndoableBlocks,
    IReadOnlyList<VerifiedTable> Tables,
    IReadOnlyList<Finding> Findings,
    long FindingCount)
{
    public bool IsSound => FindingCount == 0;
}
