// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>The daemon's block files cannot be used. The message says which, why, and what an operator can do.</summary>
public sealed class BlockFilesException(string message, Exception? inner = null) : Exception(message, inner);
