// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>The daemon's block 0 is not the coin's. Nothing else is asked of such a daemon.</summary>
public sealed class WrongCoinException(DaemonEndpoint endpoint, Coin coin, Hash256 actual) : DaemonUnavailableException(
    DaemonState.WrongCoin,
    $"the daemon at {endpoint} is not of {coin.Name}: its block 0 is {actual}, that of {coin.Name} is {coin.GenesisHash}; "
        + "correct host and port of the daemon, or the coin, in the configuration")
{
    public Hash256 Expected { get; } = coin.GenesisHash;

    public Hash256 Actual { get; } = actual;
}
