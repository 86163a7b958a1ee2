// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

public sealed class StoredTransactionTests : IDisposable
{
    private readonly RandomChain _chain = new(11);
    private readonly BlockDigester _digester = new(IndexFixture.Potcoin);
    private readonly IndexOptions _options = new()
    {
        Coin = IndexFixture.Potcoin,
        Path = Directory.CreateTempSubdirectory("electrum-pot-stored-").FullName,
        CacheBytes = 4 << 20,
        ImportBufferBytes = 8_000,
        ReorgLimit = 20,
        StoreTransactions = true,
    };

    [Fact]
    public void Every_transaction_comes_back_byte_for_byte_after_import_following_and_reorganisation()
    {
        using ChainIndex index = ChainIndex.Open(_options);
        for (int i = 0; i < 30; i++)
        {
            Connect(index, _chain.AddBlock());
            index.Writer.CommitWhenFull();
        }

        index.Writer.Commit(isDurable: true);
        index.Writer.CompleteImport(CancellationToken.None);
        for (int i = 0; i < 10; i++)
        {
            Connect(index, _chain.AddBlock());
            index.Writer.Commit(isDurable: false);
        }

        for (int i = 0; i < 5; i++)
            index.Writer.TryDisconnect([]).ShouldBeTrue();
        List<ModelBlock> lost = _chain.Blocks.Skip(_chain.Blocks.Count - 5).ToList();
        _chain.RemoveBlocks(5);
        index.Publish(new HashSet<HashX>());

        using ChainView view = index.AcquireView();
        foreach (ModelBlock block in _chain.Blocks)
        {
            for (int position = 0; position < block.Transactions.Count; position++)
                view.GetStoredTransaction(new TxLocation(block.Height, position)).ShouldBe(block.Transactions[position].Raw);
        }

        foreach (ModelBlock block in lost)
            view.GetStoredTransaction(new TxLocation(block.Height, 0)).ShouldBeNull();
    }

    [Fact]
    public void Switching_it_on_for_a_database_without_them_is_refused_with_the_way_out()
    {
        using (ChainIndex index = ChainIndex.Open(_options with { StoreTransactions = false }))
        {
            Connect(index, _chain.AddBlock());
            index.Writer.Commit(isDurable: true);
        }

        string message = Should.Throw<IndexMismatchException>(() => ChainIndex.Open(_options)).Message;
        message.ShouldContain("store_transactions");
        message.ShouldContain("import again");
    }

    [Fact]
    public void Switching_it_off_removes_them_and_keeps_the_rest()
    {
        using (ChainIndex index = ChainIndex.Open(_options))
        {
            Connect(index, _chain.AddBlock());
            index.Writer.Commit(isDurable: true);
        }

        using ChainIndex without = ChainIndex.Open(_options with { StoreTransactions = false });
        using ChainView view = without.AcquireView();
        view.Height.ShouldBe(0);
        view.GetStoredTransaction(new TxLocation(0, 0)).ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_options.Path, recursive: true);

    private void Connect(ChainIndex index, ModelBlock block) =>
        index.Writer.Connect(_digester.Digest(new SourceBlock(block.Height, block.Hash, block.Raw), withRaw: true), keepUndo: block.Height > 15, touched: null);
}
