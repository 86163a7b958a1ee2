// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>Whether the daemon would take a transaction into its mempool.</summary>
/// <param name="WitnessTxid">Null where the daemon does not tell it.</param>
/// <param name="IsAllowed">Null when it was not looked at, since another one of the package failed.</param>
/// <param name="RejectReason">The daemon's own word.</param>
public sealed record MempoolAcceptance(Hash256 Txid, Hash256? WitnessTxid, bool? IsAllowed, string? RejectReason);
