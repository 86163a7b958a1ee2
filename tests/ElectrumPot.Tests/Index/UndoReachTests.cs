// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Verification;
using ElectrumPot.Tests.Index.Verification;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>How far blocks can be taken back, and taking them back by command.</summary>
public sealed class UndoReachTests
{
    [Fact]
    public void Catching_up_that_was_interrupted_leaves_no_undo_data_behind_a_gap()
    {
        using var database = new SampleDatabase(seed: 21);
        database.Import(30);
        database.Follow(5);
        // As if the server was killed far from the daemon's tip: the last blocks have no undo data.
        database.Use(writer =>
        {
            database.Connect(writer, 3, keepUndo: false);
            writer.FirstUndoHeight.ShouldBeNull();
        });
        database.Verify().Findings.ShouldBeEmpty();
        database.Use(writer => writer.FirstUndoHeight.ShouldBeNull());

        database.Use(writer => database.Connect(writer, 2, keepUndo: true));
        database.Verify().UndoableBlocks.ShouldBe(2);

        // Gone back below such blocks, what follows can be undone.
        database.Use(writer =>
        {
            database.Connect(writer, 1, keepUndo: false);
            writer.TryDisconnect([]).ShouldBeFalse();
            writer.TryDisconnect([], [.. writer.Spent]).ShouldBeTrue();
            database.Forget(1);
            database.Connect(writer, 1, keepUndo: true);
            writer.FirstUndoHeight.ShouldBe(writer.Tip.Height);
        });
        database.Verify().UndoableBlocks.ShouldBe(1);
    }

    [Fact]
    public void Undo_data_of_lower_blocks_count_after_going_back_below_those_that_were_there()
    {
        using var database = new SampleDatabase(seed: 22);
        database.Import(30);
        database.Use(writer =>
        {
            int first = writer.FirstUndoHeight.ShouldNotBeNull();
            while (writer.TryDisconnect([])) continue;
            writer.Tip.Height.ShouldBe(first - 1);
            writer.FirstUndoHeight.ShouldBeNull();
            database.Forget(30 - first);
            database.Connect(writer, 4, keepUndo: true);
            writer.FirstUndoHeight.ShouldBe(first);
        });
        database.Verify().UndoableBlocks.ShouldBe(4);
    }

    [Fact]
    public void Rewinding_takes_back_so_many_blocks_and_no_more_than_can_be_undone()
    {
        using var database = new SampleDatabase(seed: 23);
        database.Import(30);
        var heights = new List<int>();
        (int height, Hash256 hash) = IndexDatabase.Rewind(database.Options, 3, heights.Add, TestContext.Current.CancellationToken);
        (height, hash).ShouldBe((26, database.Blocks[26].Hash));
        heights.ShouldBe([28, 27, 26]);
        database.Verify().Findings.ShouldBeEmpty();

        RewindException refused = Should.Throw<RewindException>(() => IndexDatabase.Rewind(database.Options, 6));
        refused.Possible.ShouldBe(5);
        refused.Message.ShouldContain("for 5, which leads to block 21");
        IndexDatabase.ReadFacts(database.Path).Height.ShouldBe(26);
        IndexDatabase.Rewind(database.Options, 5, cancellation: TestContext.Current.CancellationToken).Height.ShouldBe(21);
        Should.Throw<RewindException>(() => IndexDatabase.Rewind(database.Options, 1)).Message.ShouldContain("no block can be taken back");
        database.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Rewinding_works_before_the_import_is_complete_and_is_refused_for_another_coin()
    {
        using var database = new SampleDatabase(seed: 24);
        database.Import(30, complete: false);
        IndexDatabase.Rewind(database.Options, 4, cancellation: TestContext.Current.CancellationToken).Height.ShouldBe(25);
        database.Verify().Findings.ShouldBeEmpty();
        IndexOptions other = database.Options with { Coin = IndexFixture.Potcoin };
        Should.Throw<IndexMismatchException>(() => IndexDatabase.Rewind(other, 1));
    }
}
