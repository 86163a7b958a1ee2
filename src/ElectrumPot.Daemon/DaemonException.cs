// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>A call to the daemon did not give an answer. The message is one sentence for the operator.</summary>
public abstract class DaemonException(string message, Exception? inner = null) : Exception(message, inner);
