// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// Temporary: the daemon is away, starting, silent, busy or in safe mode. Keep serving what there is, wait with
/// <see cref="DaemonClient.WaitForRetryAsync"/> and ask again.
/// </summary>
public class DaemonUnavailableException(DaemonState state, string message, Exception? inner = null) : DaemonException(message, inner)
{
    public DaemonState State { get; } = state;

    /// <summary>Whether the request may have reached the daemon, so that something not repeatable may have happened.</summary>
    public bool MayHaveBeenProcessed { get; init; }
}
