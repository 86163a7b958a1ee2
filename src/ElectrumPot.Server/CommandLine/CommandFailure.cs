// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.CommandLine;

/// <summary>Ends a command with an exit code and one clear sentence on standard error.</summary>
internal sealed class CommandFailure(ExitCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public ExitCode Code { get; } = code;
}
