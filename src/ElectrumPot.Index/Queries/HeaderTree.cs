// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// The merkle tree over all block hashes without its lowest levels, shared by all views: a proof reads at most two
/// segments of headers. 96 bytes for each 128 headers. Filled in the order of the chain.
/// The last hash of a segment commits to every header before it. So one comparison tells whether the tree is that of a
/// view's chain, and a reorganisation needs no word to the tree: what does not fit is replaced. Thread-safe.
/// </summary>
internal sealed class HeaderTree
{
    public const int SegmentLength = 1 << SegmentLevel;

    private const int SegmentLevel = 7;

    private const int SegmentsPerRead = 16;

    // Only those who fill wait for the one who fills; he reads from the store meanwhile.
    private readonly Lock _filling = new();
    private readonly Lock _access = new();
    private readonly List<List<Hash256>> _levels = [[]];
    private readonly List<Hash256> _lastHashes = [];

    /// <summary>Whole segments that the chain of a view has.</summary>
    public static int SegmentsOf(ChainView view) => (view.Height + 1) >> SegmentLevel;

    /// <summary>Whole segments that the tree has.</summary>
    public int Segments
    {
        get
        {
            lock (_access)
                return _lastHashes.Count;
        }
    }

    /// <summary>Proves a header below the root of the hashes of heights 0..<paramref name="checkpointHeight"/>.</summary>
    /// <param name="maxHeaders">To be read at most in order to complete the tree.</param>
    /// <returns>Null when more of the tree is missing.</returns>
    public HeaderProof? TryProve(ChainView view, int height, int checkpointHeight, int maxHeaders)
    {
        int leaves = checkpointHeight + 1;
        int segments = leaves >> SegmentLevel;
        var branch = new Hash256[MerkleTree.BranchLength(leaves)];
        Hash256[] hashes = ArrayPool<Hash256>.Shared.Rent(SegmentLength);
        try
        {
            Hash256 edge = default;
            int read = 1;
            int rest = leaves & (SegmentLength - 1);
            if (rest > 0)
            {
                ReadHashes(view, segments, hashes.AsSpan(0, rest));
                read += rest;
                bool isProven = height >> SegmentLevel == segments;
                edge = FoldLastSegment(hashes.AsSpan(0, rest), isProven ? height & (SegmentLength - 1) : -1, branch, isAlone: segments == 0);
                if (segments == 0) return new HeaderProof(branch, edge, read);
            }

            if (height >> SegmentLevel < segments)
            {
                ReadHashes(view, height >> SegmentLevel, hashes.AsSpan(0, SegmentLength));
                read += SegmentLength;
                MerkleTree.FoldBranch(hashes.AsSpan(0, SegmentLength), height & (SegmentLength - 1), branch.AsSpan(0, SegmentLevel));
            }

            Hash256 lastHash = LastHashOf(view, segments - 1);
            // Comes back more than once only when others fill for another branch meanwhile.
            while (true)
            {
                if (TryFinish(segments, lastHash, height, rest > 0 ? edge : null, branch, out Hash256 root))
                    return new HeaderProof(branch, root, read);
                int missing;
                while ((missing = Fill(view, segments, maxHeaders)) > 0)
                {
                    if ((long)missing * SegmentLength > maxHeaders) return null;
                }
            }
        }
        finally
        {
            ArrayPool<Hash256>.Shared.Return(hashes);
        }
    }

    /// <summary>Brings the tree nearer to a number of segments, as the chain of the view has them.</summary>
    /// <returns>How many are still missing.</returns>
    public int Fill(ChainView view, int segments, int maxHeaders = int.MaxValue)
    {
        lock (_filling)
        {
            RemoveOtherBranch(view);
            int missing = segments - _lastHashes.Count;
            if (missing <= 0) return 0;
            if ((long)missing * SegmentLength > maxHeaders) return missing;
            int read = Math.Min(missing, SegmentsPerRead);
            Append(view, _lastHashes.Count, read);
            return missing - read;
        }
    }

    private bool TryFinish(int segments, Hash256 lastHash, int height, Hash256? partialSegment, Span<Hash256> branch, out Hash256 root)
    {
        lock (_access)
        {
            if (_lastHashes.Count < segments || _lastHashes[segments - 1] != lastHash)
            {
                root = default;
                return false;
            }

            int count = segments + (partialSegment is null ? 0 : 1);
            Hash256 edge = partialSegment ?? _levels[0][segments - 1];
            int position = height >> SegmentLevel;
            for (int level = 0; count > 1; level++)
            {
                int sibling = Math.Min(position ^ 1, count - 1);
                branch[SegmentLevel + level] = sibling == count - 1 ? edge : _levels[level][sibling];
                edge = Sha256d.HashPair(count % 2 == 0 ? _levels[level][count - 2] : edge, edge);
                count = (count + 1) / 2;
                position >>= 1;
            }

            root = edge;
            return true;
        }
    }

    /// <summary>Up to the level of the segments, where a lone node is paired with itself.</summary>
    /// <param name="position">-1 when the header to be proven is in another segment.</param>
    private static Hash256 FoldLastSegment(Span<Hash256> hashes, int position, Span<Hash256> branch, bool isAlone)
    {
        int levels = MerkleTree.BranchLength(hashes.Length);
        Hash256 node = MerkleTree.FoldBranch(hashes, Math.Max(position, 0), position < 0 ? [] : branch[..levels]);
        for (int level = levels; !isAlone && level < SegmentLevel; level++)
        {
            if (position >= 0) branch[level] = node;
            node = Sha256d.HashPair(node, node);
        }

        return node;
    }

    private void RemoveOtherBranch(ChainView view)
    {
        int known = Math.Min(_lastHashes.Count, SegmentsOf(view));
        int common = known;
        while (common > 0 && _lastHashes[common - 1] != LastHashOf(view, common - 1))
            common--;
        if (common == known) return;
        lock (_access)
        {
            _lastHashes.RemoveRange(common, _lastHashes.Count - common);
            for (int level = 0; level < _levels.Count; level++)
                _levels[level].RemoveRange(common >> level, _levels[level].Count - (common >> level));
        }
    }

    private void Append(ChainView view, int first, int count)
    {
        Hash256[] hashes = ArrayPool<Hash256>.Shared.Rent(SegmentLength);
        for (int segment = first; segment < first + count; segment++)
        {
            ReadHashes(view, segment, hashes.AsSpan(0, SegmentLength));
            Hash256 lastHash = hashes[SegmentLength - 1];
            Hash256 root = MerkleTree.FoldRoot(hashes.AsSpan(0, SegmentLength));
            lock (_access)
                Add(root, lastHash);
        }

        ArrayPool<Hash256>.Shared.Return(hashes);
    }

    private void Add(Hash256 node, Hash256 lastHash)
    {
        _lastHashes.Add(lastHash);
        for (int level = 0; ; level++)
        {
            if (level == _levels.Count) _levels.Add([]);
            List<Hash256> nodes = _levels[level];
            nodes.Add(node);
            if (nodes.Count % 2 != 0) return;
            node = Sha256d.HashPair(nodes[^2], node);
        }
    }

    private static void ReadHashes(ChainView view, int segment, Span<Hash256> hashes)
    {
        byte[] headers = ArrayPool<byte>.Shared.Rent(SegmentLength * BlockHeader.Size);
        int first = segment << SegmentLevel;
        int count = view.ReadHeaders(first, hashes.Length, headers);
        if (count != hashes.Length)
            throw new IndexCorruptException($"The header of height {first + count} is missing from the database.");
        for (int i = 0; i < count; i++)
            hashes[i] = BlockHeader.HashOf(headers.AsSpan(i * BlockHeader.Size, BlockHeader.Size));
        ArrayPool<byte>.Shared.Return(headers);
    }

    private static Hash256 LastHashOf(ChainView view, int segment)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        int height = ((segment + 1) << SegmentLevel) - 1;
        return view.TryGetHeader(height, header)
            ? BlockHeader.HashOf(header)
            : throw new IndexCorruptException($"The header of height {height} is missing from the database.");
    }
}
