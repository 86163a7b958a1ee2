// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class BlockPositionMethodsTests
{
    [Fact]
    public async Task A_merkle_branch_needs_no_height()
    {
        await using var server = new TestSessions();
        Fill(server.Chain, 5);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.transaction.get_merkle", $"[\"{Txid(4)}\"]"))
            .ShouldBe(await wallet.ResultAsync("blockchain.transaction.get_merkle", $"[\"{Txid(4)}\",7]"));
        (await wallet.ErrorAsync("blockchain.transaction.get_merkle", $"[\"{Txid(40)}\"]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.transaction.get_merkle", $"[\"{Txid(4)}\",8]")).Code.ShouldBe(1);
    }

    /// <summary>Checked as the format says: a star stands for the node itself.</summary>
    [Theory]
    [InlineData(1, 0, "")]
    [InlineData(2, 0, "h")]
    [InlineData(2, 1, "h")]
    [InlineData(3, 2, "*h")]
    [InlineData(5, 4, "**h")]
    [InlineData(5, 3, "hhh")]
    [InlineData(6, 5, "h*h")]
    [InlineData(7, 6, "*hh")]
    public async Task A_proof_of_the_standards_committee_leads_to_the_root(int count, int position, string shape)
    {
        await using var server = new TestSessions();
        Fill(server.Chain, count);
        TestWallet wallet = server.Connect();
        JsonElement proof = (await wallet.CallAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(position)}\",7]")).GetProperty("result");
        string[] nodes = [.. proof.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()!)];
        string.Concat(nodes.Select(node => node == "*" ? '*' : 'h')).ShouldBe(shape);
        Hash256 hash = Txid(position);
        for (int level = 0; level < nodes.Length; level++)
        {
            Hash256 sibling = nodes[level] == "*" ? hash : Hash256.Parse(nodes[level]);
            hash = ((position >> level) & 1) == 0 ? Sha256d.HashPair(hash, sibling) : Sha256d.HashPair(sibling, hash);
        }

        hash.ShouldBe(Root(count));
        proof.GetProperty("index").GetInt32().ShouldBe(position);
        proof.GetProperty("composite").GetBoolean().ShouldBeFalse();
        proof.GetProperty("proofType").GetString().ShouldBe("branch");
        proof.GetProperty("txOrId").GetString().ShouldBe(Txid(position).ToString());
        proof.GetProperty("targetType").GetString().ShouldBe("block_hash");
        proof.GetProperty("target").GetString().ShouldBe(BlockHeader.HashOf(server.Chain.State.Headers[7]).ToString());
    }

    [Fact]
    public async Task A_proof_leads_to_what_is_asked_for_and_from_what_is_asked_for()
    {
        await using var server = new TestSessions();
        Fill(server.Chain, 2);
        server.Daemon.Transactions[Txid(1)] = [1, 2, 3];
        byte[] header = server.Chain.State.Headers[7];
        TestWallet wallet = server.Connect();
        (await Proof("\"txid\",\"block_header\"")).GetProperty("target").GetString().ShouldBe(Convert.ToHexStringLower(header));
        (await Proof("\"txid\",\"merkle_root\"")).GetProperty("target").GetString().ShouldBe(BlockHeader.Parse(header).MerkleRoot.ToString());
        (await Proof("\"tx\"")).GetProperty("txOrId").GetString().ShouldBe("010203");
        (await wallet.ErrorAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(0)}\",7,\"tx\"]")).Code.ShouldBe(2);
        (await wallet.ErrorAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(0)}\",7,\"raw\"]")).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(0)}\",7,\"txid\",\"moon\"]")).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(9)}\",7]")).Code.ShouldBe(1);

        async Task<JsonElement> Proof(string options) =>
            (await wallet.CallAsync("blockchain.transaction.get_tsc_merkle", $"[\"{Txid(1)}\",7,{options}]")).GetProperty("result");
    }

    [Fact]
    public async Task An_unspent_output_and_its_script()
    {
        await using var server = new TestSessions();
        byte[] raw = Convert.FromHexString(
            "0100000001" + new string('a', 64) + "0000000000ffffffff"
            + "01" + "8813000000000000" + "19" + "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac" + "00000000");
        server.Daemon.Transactions[Txid(1)] = raw;
        server.Daemon.Transactions[Txid(2)] = raw;
        server.Chain.Change(state => state.Unspent[Vectors.P2Pkh] = [new UnspentOutput(Txid(1), 0, 7, 5000), new UnspentOutput(Txid(2), 0, 0, 5000)]);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.utxo.get_info", $"[\"{Txid(1)}\",0]"))
            .ShouldBe($$"""{"confirmed_height":7,"scripthash":"{{Vectors.P2PkhScriptHash}}","value":5000}""");
        (await wallet.ResultAsync("blockchain.utxo.get_info", $"[\"{Txid(2)}\",0]")).ShouldBe($$"""{"scripthash":"{{Vectors.P2PkhScriptHash}}","value":5000}""");
        (await wallet.ResultAsync("blockchain.utxo.get_info", $"[\"{Txid(1)}\",1]")).ShouldBe("null");
    }

    private static void Fill(ScriptedChain chain, int count) => chain.Change(state =>
    {
        for (int i = 0; i < count; i++)
            state.Txids[(7, i)] = Txid(i);
    });

    private static Hash256 Root(int count) => MerkleTree.FoldRoot(Enumerable.Range(0, count).Select(Txid).ToArray());

    private static Hash256 Txid(int number) => ScriptedChain.Hash(500 + number);
}
