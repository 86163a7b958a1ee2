// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

/// <summary>Additions of other servers, which no version of the protocol has.</summary>
public sealed class ExtraMethodsTests
{
    private static readonly Hash256 Txid = ScriptedChain.Hash(1);
    private static readonly string TxidArgument = $"[\"{Txid}\"]";

    [Fact]
    public async Task The_height_of_a_transaction()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.transaction.get_height", TxidArgument)).Code.ShouldBe(2);
        server.Chain.Change(state => state.Mempool.Add(new MempoolSummary(Txid, 100, 250)));
        (await wallet.ResultAsync("blockchain.transaction.get_height", TxidArgument)).ShouldBe("0");
        server.Chain.Change(state =>
        {
            state.Mempool.Clear();
            state.Txids[(9, 0)] = Txid;
        });
        (await wallet.ResultAsync("blockchain.transaction.get_height", TxidArgument)).ShouldBe("9");
        (await wallet.ErrorAsync("blockchain.transaction.get_height", "[\"abc\"]")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task The_block_of_a_transaction()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.transaction.get_confirmed_blockhash", TxidArgument)).Code.ShouldBe(1);
        server.Chain.Change(state => state.Txids[(9, 0)] = Txid);
        byte[] header = server.Chain.State.Headers[9];
        string start = $$"""{"block_hash":"{{BlockHeader.HashOf(header)}}","block_height":9""";
        (await wallet.ResultAsync("blockchain.transaction.get_confirmed_blockhash", TxidArgument)).ShouldBe(start + "}");
        (await wallet.ResultAsync("blockchain.transaction.get_confirmed_blockhash", $"[\"{Txid}\",true]"))
            .ShouldBe($"{start},\"block_header\":\"{Convert.ToHexStringLower(header)}\"}}");
    }

    [Fact]
    public async Task A_transaction_is_followed_from_nowhere_into_a_block_and_back()
    {
        await using var server = new TestSessions();
        HashX name = HashX.OfTxid(Txid);
        TestWallet wallet = server.Connect();
        string written = Txid.ToString().ToUpperInvariant();
        (await wallet.ResultAsync("blockchain.transaction.subscribe", $"[\"{written}\"]")).ShouldBe("null");
        server.Chain.Publish(state => state.Mempool.Add(new MempoolSummary(Txid, 1, 1)), name);
        (await wallet.ReadLineAsync()).ShouldBe($$"""{"jsonrpc":"2.0","method":"blockchain.transaction.subscribe","params":["{{written}}",0]}""");
        server.Chain.Publish(
            state =>
            {
                state.Mempool.Clear();
                state.Txids[(101, 1)] = Txid;
                state.AddBlock();
            },
            name);
        (await wallet.ReadLineAsync())!.ShouldEndWith(",101]}");
        server.Chain.Publish(_ => { }, name);
        server.Chain.Publish(state => state.Txids.Clear(), name);
        (await wallet.ReadLineAsync())!.ShouldEndWith(",null]}");
        (await wallet.ResultAsync("blockchain.transaction.unsubscribe", TxidArgument)).ShouldBe("true");
        (await wallet.ResultAsync("blockchain.transaction.unsubscribe", TxidArgument)).ShouldBe("false");
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Headers_without_a_subscription()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        string tip = Convert.ToHexStringLower(server.Chain.State.Headers[100]);
        string third = Convert.ToHexStringLower(server.Chain.State.Headers[3]);
        Hash256 hash = BlockHeader.HashOf(server.Chain.State.Headers[3]);
        (await wallet.ResultAsync("blockchain.headers.get_tip")).ShouldBe($$"""{"hex":"{{tip}}","height":100}""");
        (await wallet.ResultAsync("blockchain.header.get", "[3]")).ShouldBe($$"""{"height":3,"hex":"{{third}}"}""");
        (await wallet.ErrorAsync("blockchain.header.get", "[101]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.header.get", $"[\"{hash}\"]")).Code.ShouldBe(1);
        server.Daemon.BlockHeights[hash] = 3;
        (await wallet.ResultAsync("blockchain.header.get", $"[\"{hash}\"]")).ShouldBe($$"""{"height":3,"hex":"{{third}}"}""");
        // The daemon has followed another chain already.
        server.Daemon.BlockHeights[hash] = 4;
        (await wallet.ErrorAsync("blockchain.header.get", $"[\"{hash}\"]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.header.get", "[\"abc\"]")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task After_unsubscribing_from_headers_no_tip_is_told()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.headers.unsubscribe")).ShouldBe("false");
        await wallet.ResultAsync("blockchain.headers.subscribe");
        await wallet.ResultAsync("blockchain.numblocks.subscribe");
        (await wallet.ResultAsync("blockchain.headers.unsubscribe")).ShouldBe("true");
        server.Chain.Publish(state => state.AddBlock());
        (await wallet.ReadLineAsync())!.ShouldContain("numblocks");
        await wallet.ExpectSilenceAsync();
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Publish(state => state.AddBlock());
        (await wallet.ReadLineAsync())!.ShouldContain("numblocks");
        (await wallet.ReadLineAsync())!.ShouldContain("headers");
    }

    [Fact]
    public async Task The_last_word_of_a_batch_about_headers_counts()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        const string Subscribe = """{"id":1,"method":"blockchain.headers.subscribe"}""";
        const string Unsubscribe = """{"id":2,"method":"blockchain.headers.unsubscribe"}""";
        await wallet.ResultAsync("blockchain.numblocks.subscribe");
        (await wallet.ExchangeAsync($"[{Subscribe},{Unsubscribe}]"))!.ShouldContain("\"result\":true");
        server.Chain.Publish(state => state.AddBlock());
        (await wallet.ReadLineAsync())!.ShouldContain("numblocks");
        await wallet.ExpectSilenceAsync();
        (await wallet.ExchangeAsync($"[{Unsubscribe},{Subscribe}]"))!.ShouldContain("\"result\":false");
        server.Chain.Publish(state => state.AddBlock());
        (await wallet.ReadLineAsync())!.ShouldContain("numblocks");
        (await wallet.ReadLineAsync())!.ShouldContain("headers");
    }

    [Fact]
    public async Task Status_first_use_and_script_hash_of_scripts_and_addresses()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        string script = $"[\"{Vectors.P2PkhScriptHash}\"]";
        string address = $"[\"{Vectors.Address}\"]";
        (await wallet.ResultAsync("blockchain.scripthash.get_status", script)).ShouldBe("null");
        (await wallet.ResultAsync("blockchain.scripthash.get_first_use", script)).ShouldBe("null");
        (await wallet.ResultAsync("blockchain.address.get_scripthash", address)).ShouldBe($"\"{Vectors.P2PkhScriptHash}\"");
        (await wallet.ErrorAsync("blockchain.address.get_scripthash", "[\"x\"]")).Code.ShouldBe(1);
        server.Chain.Change(state =>
        {
            state.Aliases[Vectors.P2Pkh] = [Vectors.P2Pk];
            state.Add(Vectors.P2Pkh, new HistoryEntry(Txid, 7));
            state.FirstUses[Vectors.P2Pkh] = new FirstUse(Txid, 7, ScriptedChain.Hash(70));
            state.FirstUses[Vectors.P2Pk] = new FirstUse(ScriptedChain.Hash(2), 5, ScriptedChain.Hash(50));
        });
        (await wallet.ResultAsync("blockchain.scripthash.get_status", script)).ShouldBe(await wallet.ResultAsync("blockchain.scripthash.subscribe", script));
        (await wallet.ResultAsync("blockchain.address.get_status", address)).ShouldBe(await wallet.ResultAsync("blockchain.address.subscribe", address));
        (await wallet.ResultAsync("blockchain.scripthash.get_first_use", script))
            .ShouldBe($$"""{"block_hash":"{{ScriptedChain.Hash(70)}}","height":7,"tx_hash":"{{Txid}}"}""");
        (await wallet.ResultAsync("blockchain.address.get_first_use", address)).ShouldContain("\"height\":5");
        (await wallet.ResultAsync("blockchain.address.unsubscribe", address)).ShouldBe("true");
        (await wallet.ResultAsync("blockchain.address.unsubscribe", address)).ShouldBe("false");
        (await wallet.ResultAsync("blockchain.scripthash.unsubscribe", script)).ShouldBe("true");
    }

    [Theory]
    [InlineData("", "5 7 9 -1")]
    [InlineData(",0,-1", "5 7 9 -1")]
    [InlineData(",7", "7 9 -1")]
    [InlineData(",7,9", "7")]
    [InlineData(",6,10", "7 9")]
    [InlineData(",10", "-1")]
    [InlineData(",7,7", "")]
    [InlineData(",null,8", "5 7")]
    public async Task Part_of_a_history(string range, string heights)
    {
        await using var server = new TestSessions();
        server.Chain.Change(state =>
        {
            foreach (int height in (int[])[5, 7, 9])
                state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(height), height));
            state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(3), -1, 10));
        });
        TestWallet wallet = server.Connect();
        foreach ((string family, string subject) in ((string, string)[])[("scripthash", Vectors.P2PkhScriptHash), ("address", Vectors.Address)])
        {
            var history = (await wallet.CallAsync($"blockchain.{family}.get_history", $"[\"{subject}\"{range}]")).GetProperty("result");
            string.Join(' ', history.EnumerateArray().Select(entry => entry.GetProperty("height").GetInt32())).ShouldBe(heights);
            (await wallet.ErrorAsync($"blockchain.{family}.get_history", $"[\"{subject}\",9,7]")).Code.ShouldBe(1);
            (await wallet.ErrorAsync($"blockchain.{family}.get_history", $"[\"{subject}\",-1]")).Code.ShouldBe(-32602);
            (await wallet.ErrorAsync($"blockchain.{family}.get_history", $"[\"{subject}\",0,-2]")).Code.ShouldBe(-32602);
        }
    }

    [Fact]
    public async Task Proofs_of_addresses_are_refused_in_clear_words()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.address.get_proof", $"[\"{Vectors.Address}\"]")).Message.ShouldContain("not enabled");
        (await wallet.ResultAsync("blockchain.headers.subscribe")).ShouldNotContain("utxo_root");
    }

    [Fact]
    public async Task Additions_are_served_in_every_version_even_where_removed_methods_are_hidden()
    {
        await using var server = new TestSessions(change: options => options with { HideRemovedMethods = true });
        foreach (ProtocolVersion version in ProtocolVersion.Served)
        {
            TestWallet wallet = server.Connect();
            await wallet.NegotiateAsync(version.ToString());
            (await wallet.ResultAsync("blockchain.headers.get_tip")).ShouldContain("\"height\":100");
        }

        MethodTable.All.Methods.Count(method => method.IsExtra).ShouldBe(15);
        MethodTable.All.Methods.ShouldAllBe(method => !method.IsExtra || method.To == null);
    }
}
