// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Coins;

/// <summary>A <c>[coin:...]</c> section that does not define a coin.</summary>
public sealed class CoinDefinitionException(string coin, string key, string reason) : Exception($"[coin:{coin}] {key}: {reason}")
{
    public string Key { get; } = key;
}
