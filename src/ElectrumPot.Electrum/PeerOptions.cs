// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum;

/// <summary>How much other servers hear of this one, and wallets of other servers.</summary>
public enum PeerDiscovery
{
    /// <summary>Nothing: no peer is told, accepted or contacted.</summary>
    Off,

    /// <summary>Wallets are told of this server's own names only; nobody is contacted.</summary>
    SelfOnly,

    /// <summary>Peers are sought, verified and told to wallets.</summary>
    On,
}

/// <summary>What an operator decides about other servers. As it stands, nobody is contacted.</summary>
public sealed record PeerOptions
{
    public PeerDiscovery Discovery { get; init; }

    /// <summary>Servers to begin with, in the form <c>host v1.4 s t</c>.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Whether peers that do not know this server are asked to add it.</summary>
    public bool Announce { get; init; } = true;

    /// <summary>A SOCKS5 proxy that reaches .onion hosts; null: they are neither accepted nor contacted.</summary>
    public EndPoint? TorProxy { get; init; }

    /// <summary>A JSON list of hosts, <c>*.domain</c> and IP addresses that are not to be peers.</summary>
    public string? BlacklistFile { get; init; }

    /// <summary>Where peers are kept over a restart; null: they are not.</summary>
    public string? StoreFile { get; init; }

    /// <summary>Peers remembered, the failing and bad ones included.</summary>
    public int MaxPeers { get; init; } = 500;

    public int MaxConcurrentChecks { get; init; } = 8;

    /// <summary>Longest reply of a peer in bytes. A whole check may take four times as much.</summary>
    public int MaxReplyBytes { get; init; } = 1_000_000;

    /// <summary>How many blocks a peer's height may differ from ours.</summary>
    public int HeightWindow { get; init; } = 20;

    /// <summary>Between two checks of a good peer.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Until the first new attempt at a peer that could not be reached; it doubles with each.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For connecting to a peer, and again for the conversation with it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for .onion hosts.</summary>
    public TimeSpan OnionTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Null: no discovery over IRC.</summary>
    public IrcOptions? Irc { get; init; }
}

/// <summary>The IRC channel in which servers meet.</summary>
public sealed record IrcOptions(string Server)
{
    public int Port { get; init; } = 6667;

    public string Channel { get; init; } = "#electrum-pot";

    /// <summary>Appended to the coin's prefix; empty: made from the host name.</summary>
    public string Nick { get; init; } = "";

    /// <summary>How often the members of the channel are listed.</summary>
    public TimeSpan NamesInterval { get; init; } = TimeSpan.FromMinutes(5);
}
