// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>Proofs of headers from the shared tree equal those of a tree built from all leaves.</summary>
public sealed class HeaderTreeTests
{
    private const int Segment = HeaderTree.SegmentLength;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Proofs_equal_those_of_all_leaves_whatever_the_chain_went_through(int seed)
    {
        var random = new Random(seed);
        var chain = new List<ModelBlock>();
        using var fixture = new IndexFixture(reorgLimit: 100 * Segment);
        Extend(fixture, chain, (3 * Segment) + random.Next(Segment));
        for (int round = 0; round < 8; round++)
        {
            using ChainView before = fixture.Index.AcquireView();
            Hash256[] hashesBefore = [.. chain.Select(block => block.Hash)];
            CheckProofs(before, hashesBefore, random);

            // Mostly across the borders of segments; the old view is asked again after the new one.
            Rewind(fixture, chain, Math.Min(chain.Count - 1, random.Next(3) == 0 ? random.Next(3) : random.Next(2 * Segment)));
            Extend(fixture, chain, random.Next(1, 2 * Segment));
            using ChainView after = fixture.Index.AcquireView();
            CheckProofs(after, [.. chain.Select(block => block.Hash)], random);
            CheckProofs(before, hashesBefore, random);
        }

        fixture.Index.Writer.Reset(fork: 0, []);
        chain.Clear();
        Extend(fixture, chain, (2 * Segment) + 5);
        using ChainView anew = fixture.Index.AcquireView();
        CheckProofs(anew, [.. chain.Select(block => block.Hash)], random);
    }

    [Fact]
    public void A_proof_reads_two_segments_once_the_tree_is_there_and_nothing_before()
    {
        var chain = new List<ModelBlock>();
        using var fixture = new IndexFixture();
        Extend(fixture, chain, (8 * Segment) + 3);
        using ChainView view = fixture.Index.AcquireView();
        view.TryGetHeaderProof(5, view.Height, (8 * Segment) - 1, out _).ShouldBeFalse();
        view.TryGetHeaderProof(5, view.Height, 8 * Segment, out HeaderProof? first).ShouldBeTrue();
        view.TryGetHeaderProof(5, view.Height, 0, out HeaderProof? second).ShouldBeTrue();
        second.Root.ShouldBe(first.Root);
        second.HeadersRead.ShouldBeLessThanOrEqualTo((2 * Segment) + 1);
    }

    [Fact]
    public async Task The_tree_is_filled_before_anybody_asks()
    {
        var chain = new List<ModelBlock>();
        using var fixture = new IndexFixture();
        Extend(fixture, chain, (40 * Segment) + 3);
        fixture.Index.MarkServing();
        using ChainView view = fixture.Index.AcquireView();
        await Poll.UntilAsync(() => view.TryGetHeaderProof(5, view.Height, 0, out _));
    }

    private static void CheckProofs(ChainView view, Hash256[] hashes, Random random)
    {
        foreach (int wanted in (int[])[view.Height, 0, Segment - 1, Segment, Segment + 1, (2 * Segment) - 1, random.Next(hashes.Length), random.Next(hashes.Length)])
        {
            int checkpoint = Math.Min(wanted, view.Height);
            foreach (int height in (int[])[0, checkpoint, checkpoint & ~(Segment - 1), random.Next(checkpoint + 1), random.Next(checkpoint + 1)])
            {
                Hash256[] leaves = hashes[..(checkpoint + 1)];
                var branch = new Hash256[MerkleTree.BranchLength(leaves.Length)];
                Hash256 root = MerkleTree.FoldBranch(leaves, height, branch);
                view.TryGetHeaderProof(height, checkpoint, int.MaxValue, out HeaderProof? proof).ShouldBeTrue();
                proof.Root.ShouldBe(root, $"height {height}, checkpoint {checkpoint}");
                proof.Branch.ShouldBe(branch, $"height {height}, checkpoint {checkpoint}");
            }
        }
    }

    private static uint _unique;

    private static void Extend(IndexFixture fixture, List<ModelBlock> chain, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ModelTransaction coinbase = BlockBytes.Transaction(
                1, [new OutPoint(Hash256.Zero, OutPoint.NullIndex)], [new ModelOutput([0x51], 50)], 0, [4, .. BitConverter.GetBytes(Interlocked.Increment(ref _unique))]);
            Hash256 previous = chain.Count == 0 ? Hash256.Zero : chain[^1].Hash;
            chain.Add(BlockBytes.Block(1, chain.Count, previous, (uint)(1_400_000_000 + chain.Count), [coinbase]));
            fixture.Connect(chain[^1]);
        }

        fixture.Index.Writer.Commit(isDurable: false);
        fixture.Index.Publish(new HashSet<HashX>());
    }

    private static void Rewind(IndexFixture fixture, List<ModelBlock> chain, int count)
    {
        for (int i = 0; i < count; i++)
            fixture.Index.Writer.TryDisconnect([]).ShouldBeTrue();
        chain.RemoveRange(chain.Count - count, count);
    }
}
