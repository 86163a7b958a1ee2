// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum;

/// <summary>What an operator decides about the side that faces the wallets.</summary>
public sealed record ElectrumOptions
{
    public required Coin Coin { get; init; }

    /// <summary>Where to listen. Port 0 lets the system choose; <see cref="Transport.ElectrumServer.Endpoints"/> tells which.</summary>
    public required IReadOnlyList<ElectrumEndpoint> Endpoints { get; init; }

    /// <summary>Name and version as told to wallets and peers, such as <c>ElectrumPot 1.0.0</c>.</summary>
    public string ServerName { get; init; } = "ElectrumPot 1.0.0";

    /// <summary>
    /// Text for the wallet's console. The two characters <c>\n</c> break a line, as in 2014. Expanded once:
    /// <c>$SERVER_VERSION</c>, <c>$SERVER_SUBVERSION</c>, <c>$DAEMON_VERSION</c>, <c>$DAEMON_SUBVERSION</c>,
    /// <c>$DONATION_ADDRESS</c>.
    /// </summary>
    public string Banner { get; init; } = "";

    /// <summary>When set, its content is the banner; a change is seen within seconds.</summary>
    public string? BannerFile { get; init; }

    /// <summary>Empty when there is none.</summary>
    public string DonationAddress { get; init; } = "";

    /// <summary>As the index prunes: told to wallets. 0 when everything is kept.</summary>
    public int PruningLimit { get; init; }

    /// <summary>The names and ports under which the server is known outside: told by <c>server.features</c>.</summary>
    public IReadOnlyList<AdvertisedHost> Hosts { get; init; } = [];

    /// <summary>The protocol versions that are agreed upon.</summary>
    public VersionRange Protocol { get; init; } = VersionRange.All;

    /// <summary>
    /// Whether a session that does not begin with <c>server.version</c> is closed. It locks out Electrum up to 3.2 and
    /// many scripts (protocol, "Recommended state machine").
    /// </summary>
    public bool RequiresNegotiation { get; init; }

    /// <summary>Whether methods that a negotiated version no longer has are refused; by default they stay callable.</summary>
    public bool HideRemovedMethods { get; init; }

    public SessionLimits Limits { get; init; } = new();

    public AdmissionLimits Admission { get; init; } = new();

    public RateLimits Rates { get; init; } = new();

    /// <summary>Other servers; by default they do not exist.</summary>
    public PeerOptions Peers { get; init; } = new();
}

