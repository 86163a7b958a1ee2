// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum.Peers;

internal enum PeerVerdict
{
    Good,

    /// <summary>The connection failed: it may work later.</summary>
    Unreachable,

    /// <summary>The peer deviates from what it should be.</summary>
    Bad,

    /// <summary>Nothing was learned, for we have no chain to compare with.</summary>
    Postponed,
}

/// <summary>What an examination found.</summary>
/// <param name="Error">Why the peer is not good; empty when it is.</param>
internal sealed record PeerCheck(PeerVerdict Verdict, string Error = "")
{
    /// <summary>As reached; null through Tor.</summary>
    public IPAddress? Address { get; init; }

    public PeerPorts Ports { get; init; }

    public string ServerVersion { get; init; } = "";

    public ProtocolVersion? ProtocolMax { get; init; }

    public int? Pruning { get; init; }

    /// <summary>Whom the peer told of, unverified.</summary>
    public IReadOnlyList<PeerAnnouncement> Others { get; init; } = [];
}

/// <summary>A peer to be examined.</summary>
internal sealed record PeerTarget(PeerHost Host, PeerPorts Ports, PeerPorts? OtherPorts);
