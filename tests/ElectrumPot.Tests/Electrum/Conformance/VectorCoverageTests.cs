// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Chain.Merkle;
using ElectrumPot.Tests.Chain.Scripts;
using ElectrumPot.Tests.Electrum.Methods;
using ElectrumPot.Tests.Electrum.Peers.Irc;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Index;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>No vector of the protocol lies idle; those that no other class uses are used here.</summary>
public sealed class VectorCoverageTests(ConformanceServer servers) : IClassFixture<ConformanceServer>
{
    private static readonly Dictionary<string, Type[]> UsedBy = new(StringComparer.Ordinal)
    {
        ["scripthash"] = [typeof(AddressTests), typeof(ProtocolVectorTests)],
        ["status"] = [typeof(ProtocolVectorTests), typeof(VectorCoverageTests)],
        ["merkle"] = [typeof(MerkleTreeTests), typeof(ProtocolVectorTests)],
        ["header_checkpoint_proof"] = [typeof(MerkleTreeTests), typeof(VectorCoverageTests)],
        // Not served: the tests of the matrix show the refusal.
        ["utxo_tree"] = [typeof(MatrixTests)],
        ["fee_histogram"] = [typeof(ProtocolVectorTests)],
        ["irc"] = [typeof(IrcConversationTests)],
        ["pruning_2014"] = [typeof(PruningTests)],
    };

    [Fact]
    public void Every_vector_has_a_test_that_uses_it()
    {
        Vectors.All.EnumerateObject().Select(vector => vector.Name).Order(StringComparer.Ordinal).ShouldBe(UsedBy.Keys.Order(StringComparer.Ordinal));
        foreach (Type type in UsedBy.Values.SelectMany(types => types))
            type.GetMethods().ShouldContain(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0, type.Name);
    }

    /// <summary>Statuses of orders that this server never sends itself must still be what the formula gives.</summary>
    [Fact]
    public void Every_status_is_the_hash_of_its_history()
    {
        int seen = 0;
        foreach (JsonElement vector in Vectors.All.GetProperty("status").EnumerateArray())
        {
            JsonElement[] history = [.. vector.GetProperty("history").EnumerateArray()];
            if (history.Any(entry => entry.ValueKind == JsonValueKind.String))
            {
                // The fully pruned address of 0.8, which a server that keeps all unspent outputs never has.
                vector.GetProperty("status").GetString().ShouldBe("*");
                continue;
            }

            HistoryEntry[] entries = [.. history.Select(entry => new HistoryEntry(Hash256.Parse(entry.GetProperty("tx_hash").GetString()!), entry.GetProperty("height").GetInt32()))];
            Hash256? status = StatusHash.Compute(entries);
            (status is { } hash ? Convert.ToHexStringLower(hash.Bytes) : null).ShouldBe(vector.GetProperty("status").GetString());
            if (vector.TryGetProperty("preimage", out JsonElement preimage))
                Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(preimage.GetString()!))).ShouldBe(vector.GetProperty("status").GetString());
            seen++;
        }

        seen.ShouldBe(4);
    }

    /// <summary>The rule that the vector shows, first on the vector and then on what the server says of its own chain.</summary>
    [Fact]
    public async Task Header_proofs_verify_as_that_of_the_vector_does()
    {
        JsonElement vector = Vectors.All.GetProperty("header_checkpoint_proof");
        int height = vector.GetProperty("height").GetInt32();
        RootOf(vector.GetProperty("header").GetString()!, height, vector.GetProperty("branch")).ShouldBe(vector.GetProperty("root").GetString());
        vector.GetProperty("branch").GetArrayLength().ShouldBe(Levels(vector.GetProperty("cp_height").GetInt32()));

        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync("1.4");
        foreach (int checkpoint in (int[])[1, 2, 3, 7, 8, 9, 100, 2047, 2048, ConformanceChain.Tip])
        {
            foreach (int at in (int[])[0, checkpoint / 2, checkpoint - 1, checkpoint])
            {
                JsonElement proof = (await wallet.CallAsync("blockchain.block.header", string.Create(CultureInfo.InvariantCulture, $"[{at},{checkpoint}]"))).GetProperty("result");
                RootOf(proof.GetProperty("header").GetString()!, at, proof.GetProperty("branch")).ShouldBe(proof.GetProperty("root").GetString());
                proof.GetProperty("branch").GetArrayLength().ShouldBe(Levels(checkpoint));
            }
        }
    }

    private static int Levels(int checkpoint) => (int)Math.Ceiling(Math.Log2(checkpoint + 1));

    private static string RootOf(string header, int position, JsonElement branch)
    {
        byte[] hash = ConformanceChain.DoubleSha256(Convert.FromHexString(header));
        foreach (JsonElement sibling in branch.EnumerateArray())
        {
            byte[] other = Convert.FromHexString(sibling.GetString()!);
            Array.Reverse(other);
            hash = ConformanceChain.DoubleSha256(position % 2 == 0 ? [.. hash, .. other] : [.. other, .. hash]);
            position /= 2;
        }

        return ConformanceChain.Reversed(hash);
    }
}
