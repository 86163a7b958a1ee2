// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Index.Model;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

public sealed class StoreIdentityTests
{
    [Fact]
    public void A_database_of_another_coin_is_refused_with_both_names()
    {
        using var fixture = new IndexFixture();
        fixture.Index.Dispose();
        string message = Should.Throw<IndexMismatchException>(
            () => ChainIndex.Open(fixture.Options with { Coin = CoinRegistry.BuiltIn.Get("litecoin-regtest") })).Message;
        message.ShouldContain("potcoin");
        message.ShouldContain("litecoin-regtest");
        fixture.Reopen();
    }

    [Fact]
    public void A_complete_database_of_the_schema_before_is_taken_over_with_all_it_has()
    {
        using var fixture = new IndexFixture();
        var chain = new RandomChain(5);
        for (int i = 0; i < 20; i++)
            fixture.ConnectAndPublish(chain.AddBlock());
        List<HistoryEntry>[] before = Histories(fixture);
        MakeSchema(fixture, 3);
        fixture.Reopen();
        Histories(fixture).ShouldBe(before);
        fixture.Reopen();
        Histories(fixture).ShouldBe(before);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(99, true)]
    public void A_database_of_another_schema_or_half_imported_by_the_last_is_refused_with_the_way_out(int schema, bool isImported)
    {
        using var fixture = new IndexFixture(isImported: isImported);
        var chain = new RandomChain(5);
        fixture.Connect(chain.AddBlock());
        fixture.Index.Writer.Commit(isDurable: true);
        MakeSchema(fixture, schema);
        string message = Should.Throw<IndexMismatchException>(() => ChainIndex.Open(fixture.Options)).Message;
        message.ShouldContain($"schema {schema}");
        message.ShouldContain("import again");
        Directory.Delete(fixture.Options.Path, recursive: true);
        fixture.Reopen();
    }

    [Fact]
    public void A_database_in_use_is_refused()
    {
        using var fixture = new IndexFixture();
        Should.Throw<IndexBusyException>(() => ChainIndex.Open(fixture.Options)).Message.ShouldContain(fixture.Options.Path);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        string file = Path.GetTempFileName();
        try
        {
            string path = Path.Combine(file, "database");
            Should.Throw<IndexStorageException>(
                () => ChainIndex.Open(new IndexOptions { Coin = IndexFixture.Potcoin, Path = path })).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_damaged_table_stops_instead_of_answering()
    {
        using var fixture = new IndexFixture();
        var chain = new RandomChain(7);
        for (int i = 0; i < 40; i++)
            fixture.ConnectAndPublish(chain.AddBlock());
        fixture.Reopen();
        fixture.Index.Dispose();
        foreach (string table in Directory.EnumerateFiles(fixture.Options.Path, "*.sst"))
        {
            byte[] bytes = File.ReadAllBytes(table);
            for (int i = 0; i < bytes.Length - 200; i += 97)
                bytes[i] ^= 0x5a;
            File.WriteAllBytes(table, bytes);
        }

        Exception failure = Should.Throw<Exception>(() =>
        {
            using ChainIndex index = ChainIndex.Open(fixture.Options);
            using ChainView view = index.AcquireView();
            try
            {
                foreach (byte[] script in ModelScripts.Indexed)
                    view.TryGetHistory(ChainView.Resolve(ScriptHash.Of(script)), 1000, out _);
            }
            catch (Exception error) when (index.TryReportFailure(error))
            {
                throw index.Failure.Result;
            }
        });
        failure.ShouldBeOfType<IndexCorruptException>().Message.ShouldContain("import again");
        Directory.Delete(fixture.Options.Path, recursive: true);
        fixture.Reopen();
    }

    [Fact]
    public void A_view_answers_from_its_state_while_blocks_come_and_go()
    {
        using var fixture = new IndexFixture();
        var chain = new RandomChain(3);
        for (int i = 0; i < 20; i++)
            fixture.ConnectAndPublish(chain.AddBlock());
        using ChainView view = fixture.Index.AcquireView();
        List<HistoryEntry>[] before = Histories(view);

        for (int i = 0; i < 5; i++)
            fixture.ConnectAndPublish(chain.AddBlock());
        for (int i = 0; i < 15; i++)
            fixture.Index.Writer.TryDisconnect([]).ShouldBeTrue();
        fixture.Index.Publish(new HashSet<HashX>());

        Histories(view).ShouldBe(before);
        view.Height.ShouldBe(19);
        using ChainView newest = fixture.Index.AcquireView();
        newest.Height.ShouldBe(9);
    }

    private static void MakeSchema(IndexFixture fixture, int schema)
    {
        fixture.Index.Dispose();
        using IndexStore store = IndexStore.Open(fixture.Options);
        using var batch = new WriteBatch();
        store.State.PutIdentity(batch, schema, "potcoin", IndexFixture.Potcoin.GenesisHash);
        store.Write(batch, isDurable: true);
    }

    private static List<HistoryEntry>[] Histories(IndexFixture fixture)
    {
        using ChainView view = fixture.Index.AcquireView();
        return Histories(view);
    }

    private static List<HistoryEntry>[] Histories(ChainView view) =>
    [
        .. ModelScripts.Indexed.Select(script =>
        {
            view.TryGetHistory(ChainView.Resolve(ScriptHash.Of(script)), 1000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            return history.ToList();
        }),
    ];
}
