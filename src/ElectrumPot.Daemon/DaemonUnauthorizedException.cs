// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>HTTP 401 or 403. Asked again now and then, since the operator may correct the daemon's side.</summary>
public sealed class DaemonUnauthorizedException(string message) : DaemonUnavailableException(DaemonState.Unauthorized, message);
