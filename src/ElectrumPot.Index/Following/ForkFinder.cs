// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Following;

/// <summary>Compares the index's chain with the daemon's.</summary>
internal sealed class ForkFinder(IndexWriter writer, DaemonClient daemon)
{
    private const int MaxHashesPerCall = 1000;

    /// <summary>The highest block that both chains have; -1 when not even the first is the same.</summary>
    public async Task<int> FindForkAsync(ChainTip tip, CancellationToken cancellation)
    {
        int top = Math.Min(writer.Tip.Height, tip.Height);
        // Most often the tip itself is common, or all but a few blocks: ask for few first.
        for (int count = 4; top >= 0; count = Math.Min(count * 4, MaxHashesPerCall))
        {
            int first = Math.Max(0, top - count + 1);
            IReadOnlyList<Hash256> hashes = await daemon.GetBlockHashesAsync(first, top - first + 1, cancellation);
            for (int i = hashes.Count - 1; i >= 0; i--)
            {
                if (hashes[i] == writer.GetHash(first + i)) return first + i;
            }

            top = first - 1;
        }

        return -1;
    }
}
