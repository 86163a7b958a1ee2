// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class ScriptPubKeyMethodsTests
{
    /// <summary>The script behind <see cref="Vectors.P2PkhScriptHash"/>.</summary>
    private const string Script = "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac";

    private static readonly string ScriptArgument = $"[\"{Script}\"]";

    [Fact]
    public async Task A_script_answers_as_its_hash_does_with_lists_in_objects()
    {
        await using var server = new TestSessions();
        Fill(server.Chain);
        TestWallet wallet = server.Connect();
        string byHash = $"[\"{Vectors.P2PkhScriptHash}\"]";
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("blockchain.scriptpubkey.get_history", ScriptArgument))
            .ShouldBe($$"""{"history":{{await wallet.ResultAsync("blockchain.scripthash.get_history", byHash)}}}""");
        (await wallet.ResultAsync("blockchain.scriptpubkey.get_mempool", ScriptArgument))
            .ShouldBe($$"""{"history":{{await wallet.ResultAsync("blockchain.scripthash.get_mempool", byHash)}}}""");
        (await wallet.ResultAsync("blockchain.scriptpubkey.listunspent", ScriptArgument))
            .ShouldBe($$"""{"utxos":{{await wallet.ResultAsync("blockchain.scripthash.listunspent", byHash)}}}""");
        (await wallet.ResultAsync("blockchain.scriptpubkey.get_balance", ScriptArgument)).ShouldBe("""{"confirmed":500,"unconfirmed":-200}""");
        (await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", ScriptArgument))
            .ShouldBe(await wallet.ResultAsync("blockchain.scripthash.subscribe", byHash));
        (await wallet.ResultAsync("blockchain.scriptpubkey.get_history", "[\"\"]")).ShouldBe("""{"history":[]}""");
    }

    [Fact]
    public async Task One_script_under_two_names_is_told_under_both_and_forgotten_one_by_one()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        string written = Script.ToUpperInvariant();
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", $"[\"{written}\"]");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{Vectors.P2PkhScriptHash}\"]");
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 7)), Vectors.P2Pkh);
        string[] lines = [(await wallet.ReadLineAsync())!, (await wallet.ReadLineAsync())!];
        lines.ShouldContain(line => line.StartsWith(
            $$"""{"jsonrpc":"2.0","method":"blockchain.scriptpubkey.subscribe","params":["{{written}}",""", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith(
            $$"""{"jsonrpc":"2.0","method":"blockchain.scripthash.subscribe","params":["{{Vectors.P2PkhScriptHash}}",""", StringComparison.Ordinal));

        (await wallet.ResultAsync("blockchain.scriptpubkey.unsubscribe", ScriptArgument)).ShouldBe("true");
        (await wallet.ResultAsync("blockchain.scriptpubkey.unsubscribe", ScriptArgument)).ShouldBe("false");
        server.Chain.Publish(state => state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(2), 8)), Vectors.P2Pkh);
        (await wallet.ReadLineAsync())!.ShouldContain("blockchain.scripthash.subscribe");
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("\"abc\"", 1)]
    [InlineData("\"zz\"", 1)]
    [InlineData("5", -32602)]
    [InlineData("null", -32602)]
    public async Task What_is_no_script_is_refused(string argument, int code)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        foreach (string method in (string[])["subscribe", "unsubscribe", "get_history", "get_mempool", "get_balance", "listunspent"])
            (await wallet.ErrorAsync($"blockchain.scriptpubkey.{method}", $"[{argument}]")).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Scripts_are_bounded_one_by_one_and_together()
    {
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { MaxSubscriptions = 100 } });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ErrorAsync("blockchain.scriptpubkey.get_balance", $"[\"{new string('5', 20_002)}\"]")).Message.ShouldContain("10000 bytes");
        (await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", $"[\"{new string('5', 20_000)}\"]")).ShouldBe("null");
        (await wallet.ErrorAsync("blockchain.scriptpubkey.subscribe", $"[\"{new string('6', 20_000)}\"]")).Code.ShouldBe(4);
        (await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", ScriptArgument)).ShouldBe("null");
        (await wallet.ResultAsync("blockchain.scriptpubkey.unsubscribe", $"[\"{new string('5', 20_000)}\"]")).ShouldBe("true");
        (await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", $"[\"{new string('6', 20_000)}\"]")).ShouldBe("null");
    }

    [Theory]
    [InlineData("1.4", "scripthash", 1)]
    [InlineData("1.6", "scripthash", 1)]
    [InlineData("1.7", "scripthash", 10001)]
    [InlineData("1.7", "scriptpubkey", 10001)]
    public async Task A_history_over_the_limit_has_a_code_of_its_own_from_1_7(string version, string family, int code)
    {
        await using var server = new TestSessions(change: options => options with { Limits = new SessionLimits { MaxHistoryEntries = 1 } });
        Fill(server.Chain);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        string argument = family == "scripthash" ? $"[\"{Vectors.P2PkhScriptHash}\"]" : ScriptArgument;
        (await wallet.ErrorAsync($"blockchain.{family}.get_history", argument)).ShouldBe((code, "history too large"));
        (await wallet.ErrorAsync($"blockchain.{family}.subscribe", argument)).ShouldBe((code, "history too large"));
    }

    private static void Fill(ScriptedChain chain) => chain.Change(state =>
    {
        state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 7));
        state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(2), -1, 1000));
        state.Unspent[Vectors.P2Pkh] = [new UnspentOutput(ScriptedChain.Hash(1), 3, 7, 500)];
        state.Balances[Vectors.P2Pkh] = new Balance(500, -200);
    });
}
