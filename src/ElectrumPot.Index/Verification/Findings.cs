// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Verification;

/// <summary>Something that a sound database does not have.</summary>
/// <param name="Table">Where it was noticed.</param>
/// <param name="Text">What is wrong, with height, transaction or script.</param>
public sealed record Finding(string Table, string Text);

/// <summary>What was found: the first of each table in words, all by number, so that one broken table does not hide the others.</summary>
internal sealed class Findings
{
    public const int ShownPerTable = 5;

    private readonly List<Finding> _shown = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyList<Finding> Shown => _shown;

    public long Count { get; private set; }

    /// <summary>For searches that exist only to name rows: enough are named.</summary>
    public bool IsFull(string table) => _counts.GetValueOrDefault(table) >= ShownPerTable;

    public void Add(string table, string text)
    {
        Count++;
        int count = _counts[table] = _counts.GetValueOrDefault(table) + 1;
        if (count <= ShownPerTable)
            _shown.Add(new Finding(table, text));
    }
}
