// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.CommandLine;

/// <summary>What the process tells a supervisor. The numbers are documented in HOWTO.md and do not change.</summary>
internal enum ExitCode
{
    Success = 0,

    /// <summary>A defect of this program; the log has the details.</summary>
    Unexpected = 1,

    /// <summary>Command line or configuration, or a database that was made with another one: starting again does not help.</summary>
    Configuration = 2,

    /// <summary>Port taken, database in use, certificate unreadable, daemon of another coin, password of the daemon wrong, snapshot that does not fit.</summary>
    CannotStart = 3,

    /// <summary>Disk full, I/O error, damaged database or snapshot: look before starting again.</summary>
    Storage = 4,

    /// <summary>The command needs a running server and there is none.</summary>
    NotRunning = 5,

    /// <summary>The running server refused, for instance because of a wrong password.</summary>
    Refused = 6,
}
