// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Queries;

public sealed class BlockTreeCacheTests
{
    private static readonly MerkleLevels Tree = new(new Hash256[50]);

    [Fact]
    public void A_tree_is_there_until_blocks_are_taken_back()
    {
        var cache = new BlockTreeCache(1 << 20);
        long branch = cache.Branch;
        cache.Add(7, branch, Tree);
        cache.TryGet(7, branch, out MerkleLevels? found).ShouldBeTrue();
        found.ShouldBeSameAs(Tree);

        cache.Leave();
        cache.TryGet(7, branch, out _).ShouldBeFalse();
        cache.TryGet(7, cache.Branch, out _).ShouldBeFalse();

        // By a reader of the state before.
        cache.Add(7, branch, Tree);
        cache.TryGet(7, cache.Branch, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_oldest_trees_go_when_there_is_no_room()
    {
        const int Room = 10;
        var cache = new BlockTreeCache(Room * (Tree.Bytes + 200));
        for (int height = 0; height < 2 * Room; height++)
            cache.Add(height, cache.Branch, Tree);
        Enumerable.Range(0, 2 * Room).Where(height => cache.TryGet(height, cache.Branch, out _)).ShouldBe(Enumerable.Range(Room, Room));

        cache.Add(100, cache.Branch, new MerkleLevels(new Hash256[50 * Room]));
        cache.TryGet(100, cache.Branch, out _).ShouldBeFalse();
    }
}
