// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Admin;

/// <summary>What an administrator can see and do from outside.</summary>
internal interface IServerControl
{
    StatusReport GetStatus();

    /// <summary>Begins a clean stop and returns at once.</summary>
    void RequestStop(string reason);
}
