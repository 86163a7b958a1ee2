// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Merkle;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// Merkle trees of the blocks whose proofs were asked for last, up to a sum of sizes. A wallet that synchronises asks for
/// many transactions of few blocks, and hashing a full block takes a hundred times longer than finding a branch in its tree.
/// Safe to use from many threads.
/// </summary>
/// <param name="budget">In bytes.</param>
internal sealed class BlockTreeCache(long budget)
{
    // Entry of the dictionary, node, objects.
    private const int EntryCost = 200;

    private readonly Lock _lock = new();
    private readonly RecentlyUsed<int, MerkleLevels> _recent = new(budget);
    private long _branch;

    /// <summary>Of the chain that the trees are of: changes when blocks are taken back.</summary>
    public long Branch => Volatile.Read(ref _branch);

    /// <param name="branch">As it was when the reader's view was made.</param>
    public bool TryGet(int height, long branch, [NotNullWhen(true)] out MerkleLevels? tree)
    {
        tree = null;
        lock (_lock)
            return branch == _branch && _recent.TryGet(height, out tree);
    }

    public void Add(int height, long branch, MerkleLevels tree)
    {
        long cost = tree.Bytes + EntryCost;
        if (cost > budget / 2) return;
        lock (_lock)
        {
            if (branch == _branch && !_recent.Contains(height)) _recent.Add(height, tree, cost);
        }
    }

    /// <summary>Blocks were taken back; before the state without them is shown.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _branch++;
            _recent.Clear();
        }
    }
}
