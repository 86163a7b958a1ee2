// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Queries;
using ElectrumPot.Simulation;
using ElectrumPot.Tests.Index.Following;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Fees;

/// <summary>What the index learns about fees, against the simulated node's own knowledge of every input.</summary>
public sealed class FeeFactsTests
{
    [Fact]
    public async Task Blocks_are_summed_up_while_imported_and_followed_and_forgotten_when_replaced()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(blocks: 170);
        await ShouldKnowAsync(run, RecentBlocks.Capacity);

        run.Node.AddRandomTransactions(20);
        run.Node.MineBlocks(3);
        await ShouldKnowAsync(run, RecentBlocks.Capacity);

        run.Node.Reorg(depth: 10, newBlocks: 11);
        await ShouldKnowAsync(run, RecentBlocks.Capacity);
    }

    [Fact]
    public async Task After_a_restart_the_last_blocks_are_read_once_more()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 200);
        await ShouldKnowAsync(run, 121);

        await run.RestartAsync();
        await ShouldKnowAsync(run, 121);
    }

    [Fact]
    public async Task What_the_undo_data_do_not_cover_stays_unknown()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync(reorgLimit: 30);
        await ShouldKnowAsync(run, 121);

        await run.RestartAsync();
        await ShouldKnowAsync(run, 30);
    }

    [Fact]
    public async Task The_mempool_is_unknown_until_it_has_been_looked_at_and_then_sorted_by_rate()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        run.Node.AddRandomTransactions(30);
        await run.CaughtUpAsync();
        using (ChainView view = run.Index.AcquireView())
        {
            view.GetFeeFacts().ShouldNotBeNull().Waiting.ShouldBe(
                run.Node.Mempool.Entries
                    .Select(entry => new RatedSize(entry.Fee * 1000 / entry.Transaction.Raw.Length, entry.Transaction.Raw.Length))
                    .OrderByDescending(waiting => waiting.Rate),
                ignoreOrder: true);
            view.GetFeeFacts()!.Waiting.ShouldBeInOrder(SortDirection.Descending, Comparer<RatedSize>.Create((left, right) => left.Rate.CompareTo(right.Rate)));
        }

        run.Node.Faults.RefuseConnections = true;
        await run.RestartAsync();
        using (ChainView view = run.Index.AcquireView())
            view.GetFeeFacts().ShouldBeNull();
    }

    /// <summary>Waits until so many blocks are known, and compares them.</summary>
    private static async Task ShouldKnowAsync(FollowerFixture run, int count)
    {
        await run.CaughtUpAsync();
        await run.UntilAsync(() => Blocks(run).Count == count, $"the fees of {count} blocks");
        Blocks(run).ShouldBe(Naive(run.Node.Chain.Blocks).TakeLast(count));
        Blocks(run).ShouldContain(block => block.LowRate > 0);
    }

    private static IReadOnlyList<BlockFees> Blocks(FollowerFixture run)
    {
        using ChainView view = run.Index.AcquireView();
        return view.GetFeeFacts()?.Blocks ?? [];
    }

    private static IEnumerable<BlockFees> Naive(IEnumerable<DevBlock> blocks)
    {
        var values = new Dictionary<OutPoint, long>();
        foreach (DevBlock block in blocks)
        {
            var paid = new List<(long Rate, int Size)>();
            foreach (DevTransaction transaction in block.Transactions)
            {
                for (int i = 0; i < transaction.Outputs.Count; i++)
                    values[new OutPoint(transaction.Txid, (uint)i)] = transaction.Outputs[i].Value;
                if (transaction.IsCoinbase || transaction.IsCoinstake) continue;
                long fee = transaction.Inputs.Sum(input => values[input.PreviousOutput]) - transaction.Outputs.Sum(output => output.Value);
                paid.Add((fee * 1000 / transaction.Raw.Length, transaction.Raw.Length));
            }

            int total = paid.Sum(transaction => transaction.Size);
            long low = paid.Select(transaction => transaction.Rate).Order()
                .FirstOrDefault(rate => paid.Where(other => other.Rate <= rate).Sum(other => other.Size) > 0.2 * total);
            yield return new BlockFees(block.Height, block.Transactions.Sum(transaction => transaction.Raw.Length), low);
        }
    }
}
