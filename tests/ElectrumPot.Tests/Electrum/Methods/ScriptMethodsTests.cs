// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class ScriptMethodsTests
{
    private static readonly string Txid1 = ScriptedChain.Hash(1).ToString();
    private static readonly string Txid2 = ScriptedChain.Hash(2).ToString();

    [Fact]
    public async Task A_script_hash_answers_for_its_script_alone()
    {
        await using var server = new TestSessions();
        Fill(server.Chain);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        string script = $"[\"{Vectors.P2PkhScriptHash}\"]";
        (await wallet.ResultAsync("blockchain.scripthash.get_history", script))
            .ShouldBe($$"""[{"tx_hash":"{{Txid1}}","height":7},{"tx_hash":"{{Txid2}}","height":-1,"fee":1000}]""");
        (await wallet.ResultAsync("blockchain.scripthash.get_mempool", script)).ShouldBe($$"""[{"tx_hash":"{{Txid2}}","height":-1,"fee":1000}]""");
        (await wallet.ResultAsync("blockchain.scripthash.get_balance", script)).ShouldBe("""{"confirmed":500,"unconfirmed":-200}""");
        (await wallet.ResultAsync("blockchain.scripthash.listunspent", script))
            .ShouldBe($$"""[{"tx_hash":"{{Txid1}}","tx_pos":3,"height":7,"value":500}]""");
        (await wallet.ResultAsync("blockchain.scripthash.get_balance", $"[\"{Vectors.P2PkScriptHash}\"]")).ShouldBe("""{"confirmed":40,"unconfirmed":0}""");
    }

    [Fact]
    public async Task An_address_answers_for_all_scripts_of_its_key()
    {
        await using var server = new TestSessions();
        Fill(server.Chain);
        TestWallet wallet = server.Connect();
        string address = $"[\"{Vectors.Address}\"]";
        (await wallet.ResultAsync("blockchain.address.get_balance", address)).ShouldBe("""{"confirmed":540,"unconfirmed":-200}""");
        (await wallet.ResultAsync("blockchain.address.get_history", address)).ShouldContain("\"height\":9");
        (await wallet.ResultAsync("blockchain.address.listunspent", address)).ShouldContain("\"value\":500");
        (await wallet.ResultAsync("blockchain.address.get_mempool", address)).ShouldContain("\"fee\":1000");
    }

    [Fact]
    public async Task What_has_no_history_is_empty_everywhere()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        string script = $"[\"{Vectors.P2PkhScriptHash}\"]";
        (await wallet.ResultAsync("blockchain.scripthash.subscribe", script)).ShouldBe("null");
        (await wallet.ResultAsync("blockchain.scripthash.get_history", script)).ShouldBe("[]");
        (await wallet.ResultAsync("blockchain.scripthash.get_mempool", script)).ShouldBe("[]");
        (await wallet.ResultAsync("blockchain.scripthash.listunspent", script)).ShouldBe("[]");
        (await wallet.ResultAsync("blockchain.scripthash.get_balance", script)).ShouldBe("""{"confirmed":0,"unconfirmed":0}""");
    }

    [Theory]
    [InlineData("\"abc\"", 1)]
    [InlineData("\"\"", 1)]
    [InlineData("\"zz01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161\"", 1)]
    [InlineData("5", -32602)]
    [InlineData("null", -32602)]
    [InlineData("[]", -32602)]
    public async Task What_is_no_script_hash_or_address_is_refused(string argument, int code)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        foreach (string method in (string[])["subscribe", "get_history", "get_mempool", "get_balance", "listunspent"])
        {
            (await wallet.ErrorAsync($"blockchain.scripthash.{method}", $"[{argument}]")).Code.ShouldBe(code);
            (await wallet.ErrorAsync($"blockchain.address.{method}", $"[{argument}]")).Code.ShouldBe(code);
        }

        (await wallet.ErrorAsync("blockchain.scripthash.get_history")).Message.ShouldBe("the argument scripthash is missing");
        (await wallet.ErrorAsync("blockchain.scripthash.get_history", "[\"abc\"]")).Message.ShouldBe("abc is not a valid script hash");
    }

    [Fact]
    public async Task Addresses_of_other_coins_and_with_typing_errors_are_refused()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.address.get_balance", "[\"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\"]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.address.get_balance", $"[\"{Vectors.Address[..^1]}x\"]")).Code.ShouldBe(1);
        (await wallet.ResultAsync("blockchain.address.get_balance", "[\"3Ai1JZ8pdJb2ksieUV8FsxSNVJCpoPi8W6\"]")).ShouldContain("confirmed");
    }

    [Fact]
    public async Task A_history_over_the_limit_is_an_error_and_never_a_part_and_cannot_be_subscribed_to()
    {
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxHistoryEntries = 1 } });
        Fill(server.Chain);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        string script = $"[\"{Vectors.P2PkhScriptHash}\"]";
        (await wallet.ErrorAsync("blockchain.scripthash.get_history", script)).ShouldBe((1, "history too large"));
        (await wallet.ErrorAsync("blockchain.scripthash.subscribe", script)).ShouldBe((1, "history too large"));
        server.Chain.Publish(state => state.Histories.Clear(), Vectors.P2Pkh);
        await wallet.ExpectSilenceAsync();
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    private static void Fill(ScriptedChain chain) => chain.Change(state =>
    {
        state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 7));
        state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(2), -1, 1000));
        state.Add(Vectors.P2Pk, new HistoryEntry(ScriptedChain.Hash(3), 9));
        state.Unspent[Vectors.P2Pkh] = [new UnspentOutput(ScriptedChain.Hash(1), 3, 7, 500)];
        state.Balances[Vectors.P2Pkh] = new Balance(500, -200);
        state.Balances[Vectors.P2Pk] = new Balance(40, 0);
        state.Aliases[Vectors.P2Pkh] = [Vectors.P2Pk];
    });
}
