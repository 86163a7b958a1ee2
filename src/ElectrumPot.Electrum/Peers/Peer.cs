// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum.Peers;

/// <summary>What is known of one peer. Belongs to the <see cref="PeerTable"/> and is touched under its lock only.</summary>
internal sealed class Peer(PeerHost host, PeerPorts ports, string source)
{
    public PeerHost Host => host;

    public string Source => source;

    public bool IsSeed { get; set; }

    /// <summary>Neither the operator's choice nor good at any time.</summary>
    public bool IsStranger => !IsSeed && LastGood is null;

    public PeerPorts Ports { get; set; } = ports;

    /// <summary>Claimed by somebody and tried after <see cref="Ports"/>.</summary>
    public PeerPorts? OtherPorts { get; set; }

    public PeerState State { get; set; }

    public bool IsBlacklisted { get; set; }

    public bool IsBeingChecked { get; set; }

    public IPAddress? Address { get; set; }

    public string ServerVersion { get; set; } = "";

    public ProtocolVersion? ProtocolMax { get; set; }

    public int? Pruning { get; set; }

    public DateTimeOffset? LastGood { get; set; }

    public DateTimeOffset? LastTry { get; set; }

    /// <summary>By the monotonic clock.</summary>
    public TimeSpan NextCheck { get; set; }

    /// <summary>Failed checks since it was good.</summary>
    public int Failures { get; set; }

    public string LastError { get; set; } = "";

    public PeerInfo Describe() => new()
    {
        Host = Host.Name,
        Ports = Ports,
        State = State,
        Source = Source,
        Address = Address,
        ServerVersion = ServerVersion,
        LastGood = LastGood,
        LastTry = LastTry,
        Failures = Failures,
        LastError = LastError,
    };
}
