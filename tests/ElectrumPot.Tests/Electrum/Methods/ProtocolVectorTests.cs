// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

/// <summary>The vectors as a wallet sees them: through requests and replies.</summary>
public sealed class ProtocolVectorTests
{
    [Theory]
    [InlineData("p2pkh")]
    [InlineData("p2sh")]
    public async Task An_address_and_its_script_hash_are_the_same_script(string name)
    {
        JsonElement vector = Vectors.Scripts(name);
        string scriptHash = vector.GetProperty("scripthash").GetString()!;
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Balances[HashX.OfScriptHash(Hash256.Parse(scriptHash))] = new Balance(77, 0));
        TestWallet wallet = server.Connect();
        string viaAddress = await wallet.ResultAsync("blockchain.address.get_balance", $"[\"{vector.GetProperty("potcoin_address").GetString()}\"]");
        viaAddress.ShouldContain("77");
        (await wallet.ResultAsync("blockchain.scripthash.get_balance", $"[\"{scriptHash}\"]")).ShouldBe(viaAddress);
    }

    [Theory]
    [InlineData("confirmed+mempool (canonical 1.6 order)")]
    [InlineData("confirmed only, block order")]
    [InlineData("empty history")]
    public async Task The_status_of_a_history_is_that_of_the_vector(string name)
    {
        JsonElement vector = Vectors.All.GetProperty("status").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        await using var server = new TestSessions();
        server.Chain.Change(state =>
        {
            foreach (JsonElement entry in vector.GetProperty("history").EnumerateArray())
            {
                int height = entry.GetProperty("height").GetInt32();
                state.Add(Vectors.P2Pkh, new HistoryEntry(Hash256.Parse(entry.GetProperty("tx_hash").GetString()!), height, height > 0 ? HistoryEntry.NoFee : 9));
            }
        });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        (await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{Vectors.P2PkhScriptHash}\"]")).ShouldBe(vector.GetProperty("status").GetRawText());
    }

    [Fact]
    public async Task Merkle_branches_are_those_of_the_vectors()
    {
        foreach (JsonElement vector in Vectors.All.GetProperty("merkle").EnumerateArray())
        {
            string[] txids = [.. vector.GetProperty("txids").EnumerateArray().Select(txid => txid.GetString()!)];
            int position = vector.GetProperty("pos").GetInt32();
            await using var server = new TestSessions();
            server.Chain.Change(state =>
            {
                for (int i = 0; i < txids.Length; i++)
                    state.Txids[(5, i)] = Hash256.Parse(txids[i]);
            });
            TestWallet wallet = server.Connect();
            string branch = string.Join(',', vector.GetProperty("merkle").EnumerateArray().Select(hash => hash.GetRawText()));
            (await wallet.ResultAsync("blockchain.transaction.get_merkle", $"[\"{txids[position]}\",5]"))
                .ShouldBe($$"""{"block_height":5,"merkle":[{{branch}}],"pos":{{position}}}""");
            (await wallet.ResultAsync("blockchain.transaction.id_from_pos", $"[5,{position},true]"))
                .ShouldBe($$"""{"tx_hash":"{{txids[position]}}","merkle":[{{branch}}]}""");
            (await wallet.ResultAsync("blockchain.transaction.id_from_pos", $"[5,{position}]")).ShouldBe($"\"{txids[position]}\"");
        }
    }

    [Fact]
    public async Task The_fee_histogram_is_that_of_the_vector()
    {
        JsonElement vector = Vectors.All.GetProperty("fee_histogram");
        IEnumerable<(long Fee, int Size)> transactions =
            vector.GetProperty("txs_fee_vsize").EnumerateArray().Select(one => (one[0].GetInt64(), one[1].GetInt32()));
        await using var server = new TestSessions();
        server.Chain.Change(state => state.Fees = FeeHistogram.Make(transactions, vector.GetProperty("first_bin").GetDouble()));
        (await server.Connect().ResultAsync("mempool.get_fee_histogram")).ShouldBe("[[20,3000],[3,3000],[1,4000]]");
    }
}
