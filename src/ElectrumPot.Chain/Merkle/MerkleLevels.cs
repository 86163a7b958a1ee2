// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Merkle;

/// <summary>A merkle tree with all its levels, which gives the branch of any leaf without hashing.</summary>
public sealed class MerkleLevels
{
    private readonly Hash256[] _nodes;
    private readonly int _leaves;

    /// <param name="leaves">At least one, in internal byte order.</param>
    public MerkleLevels(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.IsEmpty) throw new ArgumentException("A merkle tree has at least one leaf.", nameof(leaves));
        _leaves = leaves.Length;
        _nodes = new Hash256[CountNodes(leaves.Length)];
        leaves.CopyTo(_nodes);
        int first = 0;
        for (int count = leaves.Length; count > 1; count = Parents(count))
        {
            Span<Hash256> level = _nodes.AsSpan(first, count);
            Span<Hash256> parents = _nodes.AsSpan(first + count, Parents(count));
            for (int i = 0; i < parents.Length; i++)
                parents[i] = Sha256d.HashPair(level[2 * i], level[Math.Min((2 * i) + 1, count - 1)]);
            first += count;
        }
    }

    /// <summary>Of memory.</summary>
    public long Bytes => (long)_nodes.Length * Hash256.Size;

    public ReadOnlySpan<Hash256> Leaves => _nodes.AsSpan(0, _leaves);

    /// <summary>Of a single leaf the leaf itself.</summary>
    public Hash256 Root => _nodes[^1];

    /// <summary>The siblings of a leaf from the leaves up.</summary>
    /// <param name="position">Index of the leaf.</param>
    public Hash256[] BranchOf(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _leaves);
        var branch = new Hash256[MerkleTree.BranchLength(_leaves)];
        int first = 0;
        int count = _leaves;
        for (int level = 0; level < branch.Length; level++)
        {
            branch[level] = _nodes[first + Math.Min(position ^ 1, count - 1)];
            first += count;
            count = Parents(count);
            position >>= 1;
        }

        return branch;
    }

    private static int Parents(int count) => (count + 1) / 2;

    private static int CountNodes(int leaves)
    {
        int nodes = leaves;
        for (int count = leaves; count > 1; nodes += count) count = Parents(count);
        return nodes;
    }
}
