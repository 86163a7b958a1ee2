// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Something a session is told about. Silent until the reply that creates it has been appended.</summary>
internal interface ISubscription
{
    /// <summary>Called under the gate, right after the reply was appended.</summary>
    void Activate();

    /// <summary>
    /// Called after <see cref="Activate"/>, without the gate: tells what happened between the state of the reply and
    /// now. From here on the notifier does.
    /// </summary>
    void CatchUp();
}
