// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>What a session watches besides scripts.</summary>
/// <param name="OutputIndex">Null for the transaction itself.</param>
internal readonly record struct WatchKey(Hash256 Txid, uint? OutputIndex = null);
