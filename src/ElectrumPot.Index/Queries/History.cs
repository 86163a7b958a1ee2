// SPDX-License-Identifier: MIT

using System.Collections;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>The history of a script as one state of the chain has it. Immutable, shared by all who ask.</summary>
/// <param name="entries">In the order of the protocol; given away.</param>
public sealed class History(HistoryEntry[] entries) : IReadOnlyList<HistoryEntry>
{
    private StatusBox? _status;

    public int Count => entries.Length;

    public HistoryEntry this[int index] => entries[index];

    public ReadOnlySpan<HistoryEntry> Span => entries;

    /// <summary>Computed by the first who asks. Null for an empty history.</summary>
    public Hash256? Status
    {
        get
        {
            if (entries.Length == 0) return null;
            // Two at once compute the same.
            return (_status ??= new StatusBox(StatusHash.Digest(entries))).Value;
        }
    }

    public IEnumerator<HistoryEntry> GetEnumerator() => ((IEnumerable<HistoryEntry>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>So that it is seen whole or not at all.</summary>
    private sealed record StatusBox(Hash256 Value);
}
