// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>What the daemon tells of itself; null where its version tells nothing.</summary>
public sealed record DaemonInfo
{
    /// <summary>Such as <c>v0.8.7.2-g353b9a5-POSv</c> or <c>/LitecoinCore:0.21.2.1/</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Peers of the daemon.</summary>
    public int? Connections { get; init; }

    /// <summary>Smallest unit per 1000 bytes. Not told by 0.8.</summary>
    public long? RelayFee { get; init; }

    /// <summary>Smallest unit per 1000 bytes: what the daemon asks while its mempool is full. Not told by any potcoind.</summary>
    public long? MempoolMinFee { get; init; }

    /// <summary>Smallest unit per 1000 bytes: what a replacement must add. Not told by any potcoind.</summary>
    public long? IncrementalRelayFee { get; init; }

    /// <summary>Whether the daemon itself is still downloading the chain. Not told by any potcoind.</summary>
    public bool? IsInitialDownload { get; init; }

    public int? Blocks { get; init; }

    /// <summary>The daemon's own warnings for its operator, empty if none.</summary>
    public string Warnings { get; init; } = "";
}
