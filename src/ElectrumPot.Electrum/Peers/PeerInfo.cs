// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum.Peers;

public enum PeerState
{
    /// <summary>Heard of, not examined yet.</summary>
    Unchecked,

    /// <summary>Passed the last examination; told to wallets.</summary>
    Good,

    /// <summary>Not reached, tried again with growing pauses.</summary>
    Failing,

    /// <summary>Reached, but of another chain, on the blacklist, or otherwise not what it claims to be.</summary>
    Bad,

    /// <summary>Given up. Remembered for a day, so that hearsay does not bring it back at once.</summary>
    Forgotten,
}

/// <summary>A peer as an administrator sees it, at one moment.</summary>
public sealed record PeerInfo
{
    public required string Host { get; init; }

    public required PeerPorts Ports { get; init; }

    public required PeerState State { get; init; }

    /// <summary>Who told of it first: <c>seed</c>, <c>irc</c>, <c>add_peer ADDRESS</c>, <c>list of HOST</c>.</summary>
    public required string Source { get; init; }

    /// <summary>As reached last; null before, and for .onion hosts.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>As the peer calls itself; empty before it has.</summary>
    public string ServerVersion { get; init; } = "";

    public DateTimeOffset? LastGood { get; init; }

    public DateTimeOffset? LastTry { get; init; }

    /// <summary>Failed checks since it was good.</summary>
    public int Failures { get; init; }

    /// <summary>Why it is failing or bad; empty when it is neither.</summary>
    public string LastError { get; init; } = "";
}
