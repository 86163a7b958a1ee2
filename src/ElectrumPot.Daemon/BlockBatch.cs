// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon;

/// <summary>Consecutive blocks that came together.</summary>
internal sealed record BlockBatch(int FirstHeight, IReadOnlyList<Hash256> Hashes, IReadOnlyList<byte[]> Blocks)
{
    public long Bytes { get; } = Blocks.Sum(block => (long)block.Length);
}
