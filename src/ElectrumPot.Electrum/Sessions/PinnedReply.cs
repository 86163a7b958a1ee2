// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>A pinned history on its way out: once it is appended, the next status may follow.</summary>
internal sealed class PinnedReply(ScriptSubscription subscription, IReadOnlyList<HistoryEntry> sent) : IReplyEffect
{
    public void Activate() => subscription.Unpin(sent);

    public void CatchUp() => subscription.CatchUp();
}
