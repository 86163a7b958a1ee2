// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>A block as the network serialises it; its header hashes to <paramref name="Hash"/>, the rest is unchecked.</summary>
/// <param name="Position">Where the daemon's block files have it; null when it came another way.</param>
public readonly record struct SourceBlock(int Height, Hash256 Hash, ReadOnlyMemory<byte> Raw, BlockPosition? Position = null);
