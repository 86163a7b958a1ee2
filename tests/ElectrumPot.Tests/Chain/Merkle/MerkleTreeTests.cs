// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Merkle;

public sealed class MerkleTreeTests
{
    [Fact]
    public void Branches_and_roots_of_the_protocol_come_out()
    {
        int seen = 0;
        foreach (JsonElement vector in ChainVectors.Protocol.GetProperty("merkle").EnumerateArray())
        {
            Hash256[] txids = vector.Hashes("txids");
            int position = vector.GetProperty("pos").GetInt32();
            Hash256[] branch = vector.Hashes("merkle");
            Branch(txids, position, out Hash256 root).ShouldBe(branch);
            root.ShouldBe(vector.Hash("root"));
            MerkleTree.FoldRoot(txids.AsSpan().ToArray()).ShouldBe(root);
            MerkleTree.RootOf(txids[position], position, branch).ShouldBe(root);
            seen++;
        }

        seen.ShouldBe(5);
    }

    [Fact]
    public void The_checkpoint_proof_of_the_protocol_leads_to_its_root()
    {
        JsonElement proof = ChainVectors.Protocol.GetProperty("header_checkpoint_proof");
        Hash256[] branch = proof.Hashes("branch");
        branch.Length.ShouldBe(MerkleTree.BranchLength(proof.GetProperty("cp_height").GetInt32() + 1));
        Hash256 leaf = BlockHeader.HashOf(proof.Bytes("header"));
        MerkleTree.RootOf(leaf, proof.GetProperty("height").GetInt32(), branch).ShouldBe(proof.Hash("root"));
    }

    [Fact]
    public void The_branch_of_every_leaf_of_every_tree_proves_it()
    {
        // Few different leaves: equal ones must be told apart by their position.
        var trees = from count in Gen.Choose(1, 200)
                    from values in Gen.Choose(1, 3 * count)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (count, values, seed);
        Prop.ForAll(trees.ToArbitrary(), static tree =>
        {
            var random = new Random(tree.seed);
            Hash256[] leaves = [.. Enumerable.Range(0, tree.count).Select(_ => Leaf(random.Next(tree.values)))];
            Hash256 expected = SlowRoot(leaves);
            var levels = new MerkleLevels(leaves);
            for (int position = 0; position < leaves.Length; position++)
            {
                Hash256[] branch = Branch(leaves, position, out Hash256 root);
                root.ShouldBe(expected);
                MerkleTree.RootOf(leaves[position], position, branch).ShouldBe(expected);
                levels.BranchOf(position).ShouldBe(branch);
            }

            levels.Root.ShouldBe(expected);
            levels.Leaves.ToArray().ShouldBe(leaves);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void Every_size_up_to_200_has_the_root_of_the_textbook()
    {
        for (int count = 1; count <= 200; count++)
        {
            Hash256[] leaves = [.. Enumerable.Range(0, count).Select(Leaf)];
            MerkleTree.FoldRoot(leaves.AsSpan().ToArray()).ShouldBe(SlowRoot(leaves));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(8, 3)]
    [InlineData(9, 4)]
    [InlineData(1 << 20, 20)]
    [InlineData((1 << 20) + 1, 21)]
    [InlineData(int.MaxValue, 31)]
    public void A_branch_has_a_hash_for_every_level(int leafCount, int length) => MerkleTree.BranchLength(leafCount).ShouldBe(length);

    [Fact]
    public void A_position_outside_the_tree_is_refused_instead_of_proved()
    {
        Hash256[] leaves = [Leaf(0), Leaf(1), Leaf(2)];
        foreach (int position in (int[])[-1, 3, 4, int.MaxValue])
            Should.Throw<ArgumentOutOfRangeException>(() => Branch(leaves, position, out _));
        Should.Throw<ArgumentException>(() => MerkleTree.FoldRoot([]));
        Should.Throw<ArgumentException>(() => new MerkleLevels([]));
        foreach (int position in (int[])[-1, 3, int.MaxValue])
            Should.Throw<ArgumentOutOfRangeException>(() => new MerkleLevels(leaves).BranchOf(position));
        Should.Throw<ArgumentException>(() => MerkleTree.FoldBranch(leaves, 0, new Hash256[1])).ParamName.ShouldBe("branch");
    }

    private static Hash256[] Branch(Hash256[] leaves, int position, out Hash256 root)
    {
        var branch = new Hash256[MerkleTree.BranchLength(leaves.Length)];
        root = MerkleTree.FoldBranch(leaves.AsSpan().ToArray(), position, branch);
        return branch;
    }

    private static Hash256 Leaf(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    private static Hash256 SlowRoot(IReadOnlyList<Hash256> level)
    {
        if (level.Count == 1) return level[0];
        if (level.Count % 2 == 1) level = [.. level, level[^1]];
        return SlowRoot([.. level.Chunk(2).Select(pair =>
            new Hash256(SHA256.HashData(SHA256.HashData([.. pair[0].ToArray(), .. pair[1].ToArray()]))))]);
    }
}
