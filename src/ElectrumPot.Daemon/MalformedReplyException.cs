// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// What came is no answer of a daemon: not HTTP or JSON as agreed, beyond the bounds, or other than what was asked for.
/// Treated like a daemon that is away: what is served stays, and it is asked again with growing pauses.
/// </summary>
public sealed class MalformedReplyException(string message, Exception? inner = null)
    : DaemonUnavailableException(DaemonState.Malformed, message, inner);
