// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class HeaderMethodsTests
{
    [Theory]
    [InlineData(null, "[]", false)]
    [InlineData(null, "[true]", true)]
    [InlineData("0.9", "[]", false)]
    [InlineData("1.1", "[]", false)]
    [InlineData("1.2", "[]", false)]
    [InlineData("1.2", "[true]", true)]
    [InlineData("1.3", "[]", true)]
    [InlineData("1.3", "[false]", false)]
    [InlineData("1.4", "[]", true)]
    [InlineData("1.6", "[]", true)]
    public async Task The_tip_has_the_form_of_the_version(string? version, string arguments, bool isRaw)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        if (version is not null) await wallet.NegotiateAsync(version);
        JsonElement tip = (await wallet.CallAsync("blockchain.headers.subscribe", arguments)).GetProperty("result");
        byte[] header = server.Chain.State.Headers[^1];
        if (isRaw)
        {
            // Exactly these two members: Electrum 4.8 asserts it.
            tip.EnumerateObject().Select(member => member.Name).ShouldBe(["hex", "height"]);
            tip.GetProperty("hex").GetString().ShouldBe(Convert.ToHexStringLower(header));
            tip.GetProperty("height").GetInt32().ShouldBe(100);
            return;
        }

        BlockHeader parsed = BlockHeader.Parse(header);
        tip.GetRawText().ShouldBe(
            $$"""{"block_height":100,"version":3,"prev_block_hash":"{{parsed.PreviousHash}}","merkle_root":"{{parsed.MerkleRoot}}","""
            + $"\"timestamp\":{parsed.Time},\"bits\":{parsed.Bits},\"nonce\":0}}");
    }

    [Fact]
    public async Task The_first_header_has_a_previous_hash_of_zeros()
    {
        await using var server = new TestSessions();
        string header = await server.Connect().ResultAsync("blockchain.block.get_header", "[0]");
        header.ShouldContain($"\"prev_block_hash\":\"{new string('0', 64)}\"");
    }

    [Fact]
    public async Task Numblocks_tells_the_height()
    {
        await using var server = new TestSessions();
        (await server.Connect().ResultAsync("blockchain.numblocks.subscribe")).ShouldBe("100");
    }

    [Fact]
    public async Task One_header_comes_alone_or_with_its_proof()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        string hex = Convert.ToHexStringLower(server.Chain.State.Headers[7]);
        (await wallet.ResultAsync("blockchain.block.header", "[7]")).ShouldBe($"\"{hex}\"");
        (await wallet.ResultAsync("blockchain.block.header", """{"height":7,"cp_height":0}""")).ShouldBe($"\"{hex}\"");
        JsonElement proof = (await wallet.CallAsync("blockchain.block.header", "[7,12]")).GetProperty("result");
        proof.EnumerateObject().Select(member => member.Name).ShouldBe(["branch", "header", "root"]);
        ShouldProve(proof, server.Chain.State.Headers[7], 7);
    }

    [Theory]
    [InlineData("[101]")]
    [InlineData("[7,6]")]
    [InlineData("[7,101]")]
    public async Task A_header_beyond_the_tip_or_the_checkpoint_is_refused(string arguments)
    {
        await using var server = new TestSessions();
        (await server.Connect().ErrorAsync("blockchain.block.header", arguments)).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1.2")]
    [InlineData("1.4")]
    public async Task Many_headers_come_as_one_text_before_1_6(string? version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        if (version is not null) await wallet.NegotiateAsync(version);
        string both = string.Concat(server.Chain.State.Headers.Skip(99).Select(Convert.ToHexStringLower));
        (await wallet.ResultAsync("blockchain.block.headers", "[99,2016]")).ShouldBe($$"""{"count":2,"hex":"{{both}}","max":2016}""");
        (await wallet.ResultAsync("blockchain.block.headers", "[101,5]")).ShouldBe("""{"count":0,"hex":"","max":2016}""");
        (await wallet.ResultAsync("blockchain.block.headers", "[0,0,0]")).ShouldBe("""{"count":0,"hex":"","max":2016}""");
    }

    [Fact]
    public async Task Many_headers_come_as_a_list_from_1_6()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        string[] two = [.. server.Chain.State.Headers.Skip(99).Select(header => $"\"{Convert.ToHexStringLower(header)}\"")];
        (await wallet.ResultAsync("blockchain.block.headers", "[99,2]")).ShouldBe($$"""{"count":2,"headers":[{{two[0]}},{{two[1]}}],"max":2016}""");
        (await wallet.ResultAsync("blockchain.block.headers", "[101,5]")).ShouldBe("""{"count":0,"headers":[],"max":2016}""");
    }

    [Fact]
    public async Task The_last_of_many_headers_is_proven_when_asked_for()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        JsonElement proof = (await wallet.CallAsync("blockchain.block.headers", "[3,5,50]")).GetProperty("result");
        ShouldProve(proof, server.Chain.State.Headers[7], 7);
        (await wallet.ErrorAsync("blockchain.block.headers", "[3,5,6]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.block.headers", "[3,5,101]")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Chunks_hold_2016_headers_and_nothing_beyond_the_tip()
    {
        await using var server = new TestSessions(new ScriptedChain(2017));
        TestWallet wallet = server.Connect();
        string all = string.Concat(server.Chain.State.Headers.Select(Convert.ToHexStringLower));
        (await wallet.ResultAsync("blockchain.block.get_chunk", "[0]")).ShouldBe($"\"{all[..(2016 * 160)]}\"");
        (await wallet.ResultAsync("blockchain.block.get_chunk", "[1]")).ShouldBe($"\"{all[(2016 * 160)..]}\"");
        (await wallet.ResultAsync("blockchain.block.get_chunk", "[2]")).ShouldBe("\"\"");
        (await wallet.ResultAsync("blockchain.block.get_chunk", "[2147483647]")).ShouldBe("\"\"");
    }

    [Fact]
    public async Task An_empty_chunk_asked_for_again_comes_late_and_holds_up_nothing_else()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.block.get_chunk", "[1]")).ShouldBe("\"\"");
        int timers = server.Time.Waiting;
        await wallet.SendLineAsync("""{"id":5,"method":"blockchain.block.get_chunk","params":[1]}""");
        await wallet.ExpectSilenceAsync();
        await Poll.UntilAsync(() => server.Time.Waiting > timers);
        server.Time.Advance(TimeSpan.FromSeconds(0.9));
        await wallet.ExpectSilenceAsync();
        server.Time.Advance(TimeSpan.FromSeconds(0.2));
        (await wallet.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","id":5,"result":""}""");
    }

    [Fact]
    public async Task Going_back_and_forth_between_two_chunks_is_slowed_down_and_going_forward_is_not()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        foreach (int chunk in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 8])
            await wallet.ResultAsync("blockchain.block.get_chunk", $"[{chunk}]");
        TestWallet looping = server.Connect();
        await looping.ResultAsync("blockchain.block.get_chunk", "[0]");
        await looping.ResultAsync("blockchain.block.get_chunk", "[0]");
        await looping.SendLineAsync("""{"id":5,"method":"blockchain.block.get_chunk","params":[0]}""");
        await looping.ExpectSilenceAsync();
    }

    private static void ShouldProve(JsonElement proof, byte[] header, int height)
    {
        Hash256[] branch = [.. proof.GetProperty("branch").EnumerateArray().Select(hash => Hash256.Parse(hash.GetString()!))];
        MerkleTree.RootOf(BlockHeader.HashOf(header), height, branch).ShouldBe(Hash256.Parse(proof.GetProperty("root").GetString()!));
    }
}
