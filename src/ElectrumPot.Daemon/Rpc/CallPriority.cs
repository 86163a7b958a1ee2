// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.Rpc;

/// <summary>Who waits for the answer. Both kinds always have a socket left for them.</summary>
internal enum CallPriority
{
    /// <summary>A wallet: goes first.</summary>
    Interactive,

    /// <summary>The index: blocks, mempool.</summary>
    Bulk,
}
