// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// What happens together with a reply: a subscription begins to speak, a history is matched with what was announced.
/// </summary>
internal interface IReplyEffect
{
    /// <summary>
    /// Asked under the gate, right before the reply is appended: whether nothing was announced meanwhile that
    /// contradicts it. If not, the request is answered anew where that is possible.
    /// </summary>
    bool IsCurrent => true;

    /// <summary>Called under the gate, right after the reply was appended.</summary>
    void Activate();

    /// <summary>Called instead when an error goes out in place of the reply: a subscription ends that has nothing to begin with.</summary>
    void Abandon()
    {
        // What only goes along with a reply goes with it.
    }

    /// <summary>
    /// Called after <see cref="Activate"/>, without the gate: tells what happened between the state of the reply and
    /// now. From here on the notifier does.
    /// </summary>
    void CatchUp();
}
