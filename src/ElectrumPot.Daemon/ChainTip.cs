// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>A block of the daemon's best chain: hash and height belong together.</summary>
public readonly record struct ChainTip(int Height, Hash256 Hash)
{
    public override string ToString() => $"{Height} ({Hash})";
}
