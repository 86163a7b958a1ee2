// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>What potcoind was like when last spoken to: for status page, log, metrics.</summary>
/// <param name="Detail">A sentence for the operator: what is wrong and what to do; empty while all is well.</param>
/// <param name="Since">When this state began.</param>
/// <param name="Endpoint">The daemon in use, or the one that failed last; null before the first call.</param>
public sealed record DaemonStatus(DaemonState State, string Detail, DateTimeOffset Since, DaemonEndpoint? Endpoint)
{
    public bool IsOk => State == DaemonState.Ok;

    public override string ToString() => Detail.Length == 0 ? $"{State}" : $"{State}: {Detail}";
}

public enum DaemonState
{
    /// <summary>Not asked yet.</summary>
    Unknown,
    Ok,

    /// <summary>Loading its index (-28; potcoind itself opens its port only afterwards).</summary>
    Starting,

    /// <summary>No connection, or lost during a call.</summary>
    Unreachable,

    /// <summary>Connected but silent: slow, or all its threads are held by other sockets.</summary>
    TimedOut,

    /// <summary>Refuses more work for the moment.</summary>
    Busy,

    /// <summary>Sees a longer invalid chain or a large fork, and refuses to talk about blocks (-2).</summary>
    SafeMode,

    /// <summary>Wrong user or password, or this host is not allowed.</summary>
    Unauthorized,
    WrongCoin,

    /// <summary>Answers, but not as a daemon does.</summary>
    Malformed,
}
