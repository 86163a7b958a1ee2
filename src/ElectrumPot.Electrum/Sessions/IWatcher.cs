// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Wants to hear when a script, a transaction or an output was touched.</summary>
internal interface IWatcher
{
    Session Session { get; }

    /// <summary>Told after the statuses of scripts, as outputs and transactions are (protocol, "Notifications").</summary>
    bool ComesAfterStatuses { get; }

    /// <summary>Compares with what was told last, and tells the difference.</summary>
    /// <param name="reading">The newest state.</param>
    void Update(SharedReading reading);
}
