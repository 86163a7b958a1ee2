// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>What is told of a script, and of which state that is true.</summary>
/// <param name="Sequence">Of the snapshot.</param>
/// <param name="Status">Null when there is no history.</param>
/// <param name="History">The list behind the status, where it has to be kept.</param>
internal readonly record struct ScriptState(long Sequence, Hash256? Status, IReadOnlyList<HistoryEntry>? History)
{
    /// <summary>Length of the history.</summary>
    public int Entries { get; init; }

    /// <returns>False when the history is too large.</returns>
    public static bool TryRead(IChainSnapshot snapshot, ScriptSet scripts, int maxEntries, bool withHistory, out ScriptState state)
    {
        state = default;
        if (!snapshot.TryGetHistory(scripts, maxEntries, out IReadOnlyList<HistoryEntry>? history)) return false;
        state = Of(snapshot, history) with { History = withHistory ? history : null };
        return true;
    }

    /// <summary>The status of a list that was read from this snapshot.</summary>
    public static ScriptState Of(IChainSnapshot snapshot, IReadOnlyList<HistoryEntry> history) =>
        new(snapshot.Sequence, StatusHash.Compute(history), null) { Entries = history.Count };
}
