// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>A block of 600 transactions: what it takes to parse it, and to prove one of them.</summary>
public class BlockBenchmarks
{
    private readonly BlockDigester _digester = new(SampleBlock.Shape.Coin);
    private readonly Hash256[] _leaves = new Hash256[600];
    private readonly Hash256[] _branch = new Hash256[MerkleTree.BranchLength(600)];
    private Hash256[] _txids = [];

    [GlobalSetup]
    public void Prepare() => _txids = _digester.Digest(1, SampleBlock.Raw).Txids[.._leaves.Length];

    [Benchmark]
    public BlockDigest Digest() => _digester.Digest(1, SampleBlock.Raw);

    [Benchmark]
    public Hash256 MerkleBranch()
    {
        // Folding overwrites.
        _txids.CopyTo(_leaves, 0);
        return MerkleTree.FoldBranch(_leaves, 321, _branch);
    }
}
