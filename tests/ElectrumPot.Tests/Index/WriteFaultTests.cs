// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Following;
using ElectrumPot.Tests.Index.Model;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>A store that fails in the middle of a change: the change is gone, and nothing of it is ever committed.</summary>
public sealed class WriteFaultTests
{
    private const int Before = 30;
    private const int After = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_commit_that_failed_is_not_completed_by_a_later_one(bool isImported)
    {
        using var fixture = new IndexFixture(isImported: isImported);
        List<ModelBlock> blocks = MakeChain();
        Connect(fixture, blocks.Take(Before));

        using (new FullDevice(fixture.Options.Path))
        {
            fixture.Connect(blocks[Before]);
            Should.Throw<IndexStorageException>(() => fixture.Index.Writer.Commit(isDurable: true)).Message.ShouldContain("No space");
        }

        RefusesToCommit(fixture);
        fixture.Reopen();
        ContinuesAfter(fixture, blocks);
    }

    [Fact]
    public void A_block_taken_back_half_way_is_still_there()
    {
        using var fixture = new IndexFixture();
        List<ModelBlock> blocks = MakeChain();
        Connect(fixture, blocks.Take(Before));

        using (new FullDevice(fixture.Options.Path))
            Should.Throw<IndexStorageException>(() => fixture.Index.Writer.TryDisconnect([]));

        RefusesToCommit(fixture);
        fixture.Reopen();
        ContinuesAfter(fixture, blocks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Half_a_block_is_never_committed(bool isImported)
    {
        using var fixture = new IndexFixture(isImported: isImported);
        List<ModelBlock> blocks = MakeChain();
        Connect(fixture, blocks.Take(Before));
        fixture.Reopen();
        fixture.Reopen();
        Dictionary<string, byte[]> tables = Directory.GetFiles(fixture.Options.Path, "*.sst").ToDictionary(file => file, File.ReadAllBytes);
        tables.ShouldNotBeEmpty();
        Overwrite(tables, bytes => [.. bytes.Select(value => (byte)(value ^ 0x5a))]);

        Should.Throw<RocksDbException>(() =>
        {
            foreach (ModelBlock block in blocks.Skip(Before)) fixture.Connect(block);
        }).Kind.ShouldBe(RocksDbErrorKind.Corruption);
        Overwrite(tables, bytes => bytes);

        RefusesToCommit(fixture);
        fixture.Reopen();
        ContinuesAfter(fixture, blocks);
    }

    [Fact]
    public async Task A_follower_whose_disk_is_full_ends_and_the_next_one_goes_on()
    {
        await using FollowerFixture run = await FollowerFixture.StartAsync();
        await run.CaughtUpAsync();
        int height = run.Node.Chain.Height;

        using (new FullDevice(run.Index.Options.Path))
        {
            run.Node.AddRandomTransactions(10);
            run.Node.MineBlocks(3);
            IndexStorageException failure = await Should.ThrowAsync<IndexStorageException>(run.CaughtUpAsync);
            failure.Message.ShouldContain("No space");
            failure.Message.ShouldContain("make room");
            (await run.Index.Failure).Message.ShouldBe(failure.Message);
            using ChainView view = run.Index.AcquireView();
            view.Height.ShouldBe(height);
        }

        await run.RestartAsync();
        await run.CaughtUpAsync();
        run.ShouldAgreeWithNode();
    }

    private static List<ModelBlock> MakeChain()
    {
        var chain = new RandomChain(5);
        for (int i = 0; i < Before + After; i++) chain.AddBlock();
        return [.. chain.Blocks];
    }

    private static void Connect(IndexFixture fixture, IEnumerable<ModelBlock> blocks)
    {
        foreach (ModelBlock block in blocks) fixture.Connect(block);
        fixture.Index.Writer.Commit(isDurable: true);
    }

    private static void RefusesToCommit(IndexFixture fixture)
    {
        Exception refusal = Should.Throw<Exception>(() => fixture.Index.Writer.Commit(isDurable: true));
        (refusal is InvalidOperationException or IndexStorageException).ShouldBeTrue(refusal.ToString());
    }

    /// <summary>The store stands where the last good commit left it, and ends up like one that nothing has happened to.</summary>
    private static void ContinuesAfter(IndexFixture fixture, List<ModelBlock> blocks)
    {
        fixture.Index.Writer.Tip.Height.ShouldBe(Before - 1);
        Connect(fixture, blocks.Skip(Before));
        if (!fixture.Index.Writer.IsImported)
            fixture.Index.Writer.CompleteImport(CancellationToken.None);
        fixture.Index.Publish(new HashSet<HashX>());

        using ChainView view = fixture.Index.AcquireView();
        var naive = new NaiveChain(blocks);
        view.TipHash.ShouldBe(blocks[^1].Hash);
        foreach (byte[] script in ModelScripts.Indexed)
        {
            ScriptSet scripts = ChainView.Resolve(ScriptHash.Of(script));
            view.TryGetHistory(scripts, 100_000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            history.SequenceEqual(naive.History([script], fixture.Options.PruningLimit)).ShouldBeTrue();
            view.TryGetUnspent(scripts, 100_000, out IReadOnlyList<UnspentOutput>? unspent).ShouldBeTrue();
            unspent.ShouldBe(naive.UnspentOf([script]));
        }
    }

    private static void Overwrite(Dictionary<string, byte[]> tables, Func<byte[], byte[]> change)
    {
        foreach ((string file, byte[] bytes) in tables)
        {
            // In place: the database has the file open.
            using FileStream stream = File.Open(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(change(bytes));
        }
    }
}
