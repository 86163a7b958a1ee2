// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>Who waits for the answer. Both kinds always have a socket left for them.</summary>
public enum CallPriority
{
    /// <summary>A wallet: goes first.</summary>
    Interactive,

    /// <summary>The index: blocks, mempool.</summary>
    Bulk,
}
