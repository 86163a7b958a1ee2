// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Parsing;

/// <summary>
/// Bytes that are no block or transaction of the configured coin. Coming from the daemon it means a wrong
/// <c>transaction_format</c> or <c>block_format</c> of the coin; coming from a wallet it is the wallet's mistake.
/// </summary>
public sealed class MalformedBlockException(string reason) : Exception(reason);
