// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>A place among the sessions, given back by disposing it.</summary>
internal sealed class AdmissionTicket(Admission admission, SessionGroup? group, bool isUnlimited) : IDisposable
{
    private int _left;

    /// <summary>Null where sessions are not counted by address.</summary>
    public SessionGroup? Group => group;

    /// <summary>Held to no rate.</summary>
    public bool IsUnlimited => isUnlimited;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) admission.Leave(group);
    }
}
