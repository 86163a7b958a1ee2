// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Merkle;

/// <summary>
/// Merkle roots and branches over hashes in internal order; an odd level repeats its last element (protocol, section
/// "Transaction merkle branch"; the same rule serves header checkpoint proofs).
/// </summary>
public static class MerkleTree
{
    /// <param name="leaves">Overwritten: the tree is folded in place.</param>
    /// <returns>The root; of a single leaf the leaf itself.</returns>
    public static Hash256 FoldRoot(Span<Hash256> leaves) => FoldBranch(leaves, 0, []);

    /// <summary>Length of the branch of a leaf in a tree of this many leaves.</summary>
    public static int BranchLength(int leafCount) =>
        leafCount <= 1 ? 0 : System.Numerics.BitOperations.Log2((uint)leafCount - 1) + 1;

    /// <summary>Computes the siblings of a leaf from the leaves up, and the root.</summary>
    /// <param name="leaves">At least one; overwritten: the tree is folded in place.</param>
    /// <param name="position">Index of the leaf. By position, not by value: two leaves may be equal.</param>
    /// <param name="branch">Receives <see cref="BranchLength"/> hashes; may be empty when only the root is wanted.</param>
    /// <returns>The root; of a single leaf the leaf itself.</returns>
    public static Hash256 FoldBranch(Span<Hash256> leaves, int position, Span<Hash256> branch)
    {
        if (leaves.IsEmpty)
            throw new ArgumentException("A merkle tree has at least one leaf.", nameof(leaves));
        // A position outside would yield a plausible branch that proves nothing.
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, leaves.Length);
        if (!branch.IsEmpty && branch.Length < BranchLength(leaves.Length))
            throw new ArgumentException($"The branch of {leaves.Length} leaves has {BranchLength(leaves.Length)} hashes.", nameof(branch));
        int count = leaves.Length;
        for (int level = 0; count > 1; level++)
        {
            if (!branch.IsEmpty)
                branch[level] = leaves[Math.Min(position ^ 1, count - 1)];
            int parents = (count + 1) / 2;
            for (int i = 0; i < parents; i++)
                leaves[i] = Sha256d.HashPair(leaves[2 * i], leaves[Math.Min((2 * i) + 1, count - 1)]);
            count = parents;
            position >>= 1;
        }

        return leaves[0];
    }

    /// <summary>Recomputes the root from a leaf and its branch, as a wallet does.</summary>
    public static Hash256 RootOf(Hash256 leaf, int position, ReadOnlySpan<Hash256> branch)
    {
        Hash256 hash = leaf;
        for (int level = 0; level < branch.Length; level++)
        {
            hash = ((position >> level) & 1) == 1
                ? Sha256d.HashPair(branch[level], hash)
                : Sha256d.HashPair(hash, branch[level]);
        }

        return hash;
    }
}
