// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Limits;

namespace ElectrumPot.Electrum;

/// <summary>Who may have how many sessions and subscriptions. An IPv6 address counts as its /64: one host has all of that.</summary>
public sealed record AdmissionLimits
{
    /// <summary>Sessions in all; protects memory and is enforced in a dry run as well.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>Room for tens of wallets behind one address, each with all the connections that Electrum opens (11).</summary>
    public int MaxSessionsPerAddress { get; init; } = 200;

    public int MaxSessionsPerSubnet { get; init; } = 1_000;

    /// <summary>Length in bits of what counts as one IPv4 subnet.</summary>
    public int IPv4SubnetBits { get; init; } = 24;

    /// <summary>Length in bits of what counts as one IPv6 subnet.</summary>
    public int IPv6SubnetBits { get; init; } = 48;

    /// <summary>A script counts as one more for each 256 bytes of its text.</summary>
    public int MaxSubscriptionsPerAddress { get; init; } = 200_000;

    /// <summary>Pairs of script and session, counted by length as well; protects memory and is enforced in a dry run as well.</summary>
    public int MaxSubscriptionsInAll { get; init; } = 1_000_000;

    /// <summary>
    /// Bytes that wait for all wallets together to read them. Beyond that, a session for which more than
    /// <see cref="Sessions.SessionOutput.FreeBytes"/> wait is disconnected; enforced in a dry run as well.
    /// </summary>
    public long MaxPendingOutputInAll { get; init; } = 512_000_000;

    /// <summary>
    /// Entries of the histories that are kept for wallets of 2014 behind the status they were told, about 50 bytes each.
    /// Beyond that they get the history as it is.
    /// </summary>
    public int MaxPinnedEntries { get; init; } = 2_000_000;

    /// <summary>
    /// Not counted by address and subnet: many users may stand behind one of these. This machine by default, where the
    /// users of a hidden service or of a local proxy come from.
    /// </summary>
    public AddressList Exempt { get; init; } = AddressList.Loopback;

    /// <summary>Held to no count and no rate at all: the operator's own programs.</summary>
    public AddressList Unlimited { get; init; } = AddressList.Empty;

    /// <summary>Whose word is taken for the address of a wallet: the PROXY protocol and <c>X-Forwarded-For</c>.</summary>
    public AddressList TrustedProxies { get; init; } = AddressList.Empty;

    /// <summary>Counts and logs what would be refused, slowed or closed; enforces only what protects memory.</summary>
    public bool DryRun { get; init; }
}
