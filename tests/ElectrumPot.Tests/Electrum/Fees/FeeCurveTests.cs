// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Fees;
using ElectrumPot.Index.Fees;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Fees;

public sealed class FeeCurveTests
{
    /// <summary>Room for 10,000 bytes a block, of which 9,000 are counted on.</summary>
    private const int MaxBlockSize = 40_000;

    [Fact]
    public void Empty_blocks_and_an_empty_mempool_need_nothing_but_the_relay_fee()
    {
        FeeCurve curve = Make([.. Enumerable.Repeat((200, 0L), 144)], []);
        Every(curve).ShouldAllBe(rate => rate == 0);
        Every(Make([], [])).ShouldAllBe(rate => rate == 0);
    }

    [Fact]
    public void A_backlog_that_fits_into_the_target_asks_for_nothing()
    {
        // Ten transactions of 3,000 bytes: three fit into a block.
        (long, int)[] waiting = [.. Enumerable.Range(1, 10).Select(i => (i * 1000L, 3000))];
        FeeCurve curve = Make([], waiting);
        curve[1].ShouldBe(8000);
        curve[2].ShouldBe(5000);
        curve[3].ShouldBe(2000);
        curve[4].ShouldBe(0);
        curve[1008].ShouldBe(0);
    }

    [Fact]
    public void A_transaction_larger_than_a_block_counts_for_several()
    {
        FeeCurve curve = Make([], [(7000, 30_000)]);
        curve[1].ShouldBe(7000);
        curve[3].ShouldBe(7000);
        curve[4].ShouldBe(0);
    }

    [Fact]
    public void Blocks_with_room_left_ask_for_nothing_whatever_their_transactions_paid()
    {
        Every(Make([.. Enumerable.Repeat((8999, 500_000L), 144)], [])).ShouldAllBe(rate => rate == 0);
        Every(Make([.. Enumerable.Repeat((9000, 500_000L), 144)], [])).ShouldAllBe(rate => rate == 500_000);
    }

    [Fact]
    public void A_longer_wait_meets_the_cheaper_block()
    {
        // Every other block is full.
        FeeCurve curve = Make([.. Enumerable.Range(0, 144).Select(i => (i % 2 == 0 ? 10_000 : 300, 400_000L))], []);
        curve[1].ShouldBe(400_000);
        curve[2].ShouldBe(0);
    }

    [Fact]
    public void A_rate_must_have_sufficed_nine_times_out_of_ten()
    {
        FeeCurve Of(int fullBlocks) => Make([.. Enumerable.Range(0, 100).Select(i => (i < fullBlocks ? 10_000 : 300, 400_000L))], []);
        Of(10)[1].ShouldBe(0);
        Of(11)[1].ShouldBe(400_000);
        // One run of 30 full blocks: of the waits of 20 blocks 11 of 81 meet nothing else, of those of 25 blocks 6 of 76.
        Of(30)[20].ShouldBe(400_000);
        Of(30)[25].ShouldBe(0);
    }

    [Fact]
    public void The_room_of_a_block_is_learnt_from_large_blocks_but_not_from_a_single_one()
    {
        (long, int)[] waiting = [.. Enumerable.Range(1, 10).Select(i => (i * 1000L, 3000))];
        (int Size, long)[] blocks = [.. Enumerable.Repeat((300, 0L), 100)];
        blocks[50].Size = 40_000;
        Make(blocks, waiting)[1].ShouldBe(8000);
        for (int i = 0; i < 20; i++)
            blocks[i * 5].Size = 40_000;
        Make(blocks, waiting)[1].ShouldBe(0);
    }

    [Fact]
    public void Whatever_was_seen_a_shorter_target_never_gets_less()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Facts, facts =>
            {
                long[] rates = [.. Every(FeeCurve.Make(facts, MaxBlockSize))];
                return rates.Zip(rates.Skip(1)).All(pair => pair.First >= pair.Second);
            }));
    }

    [Fact]
    public void Whatever_was_seen_nothing_above_the_highest_rate_is_asked_for()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Facts, facts =>
            {
                long highest = facts.Waiting.Select(waiting => waiting.Rate).Concat(facts.Blocks.Select(block => block.LowRate)).DefaultIfEmpty().Max();
                return Every(FeeCurve.Make(facts, MaxBlockSize)).All(rate => rate >= 0 && rate <= highest);
            }));
    }

    [Fact]
    public void Whoever_pays_the_estimate_is_before_all_that_does_not_fit()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Facts, facts =>
            {
                // With no blocks nothing but the backlog counts.
                FeeCurve curve = FeeCurve.Make(facts with { Blocks = [] }, MaxBlockSize);
                return Enumerable.Range(1, 30).All(target =>
                    facts.Waiting.Where(waiting => waiting.Rate > curve[target]).Sum(waiting => waiting.VirtualSize) <= target * 9000);
            }));
    }

    private static Arbitrary<FeeFacts> Facts
    {
        get
        {
            Gen<(int, long)> block = from size in Gen.Choose(200, 14_000) from rate in Gen.Choose(0, 1_000_000) select (size, (long)rate);
            Gen<(long, int)> transaction = from rate in Gen.Choose(0, 1_000_000) from size in Gen.Choose(100, 3000) select ((long)rate, size);
            Gen<FeeFacts> facts =
                from blockCount in Gen.Choose(0, RecentBlocks.Capacity)
                from blocks in block.ArrayOf(blockCount)
                from waiting in transaction.ArrayOf()
                select Of(blocks, waiting);
            return facts.ToArbitrary();
        }
    }

    private static IEnumerable<long> Every(FeeCurve curve) => Enumerable.Range(1, FeeCurve.MaxTarget).Select(target => curve[target]);

    private static FeeCurve Make((int Size, long LowRate)[] blocks, (long Rate, int Size)[] waiting) =>
        FeeCurve.Make(Of(blocks, waiting), MaxBlockSize);

    private static FeeFacts Of((int Size, long LowRate)[] blocks, (long Rate, int Size)[] waiting) => new(
        [.. blocks.Select((block, i) => new BlockFees(i, block.Size, block.LowRate))],
        [.. waiting.Select(transaction => new RatedSize(transaction.Rate, transaction.Size)).OrderByDescending(transaction => transaction.Rate)]);
}
