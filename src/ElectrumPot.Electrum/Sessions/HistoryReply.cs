// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>The history of a watched script on its way out: no older than the status that the wallet was told.</summary>
/// <param name="sequence">Of the snapshot the list was read from.</param>
internal sealed class HistoryReply(ScriptSubscription subscription, long sequence, IReadOnlyList<HistoryEntry> history) : IReplyEffect
{
    public bool IsCurrent => subscription.IsBehindStatus(sequence, history);

    /// <summary>Where it could not be read anew, the status is repeated, so that the wallet asks again.</summary>
    public void Activate()
    {
        if (!IsCurrent) subscription.Repeat();
    }

    public void CatchUp()
    {
        // A newer state is announced by the notifier.
    }
}
