// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class TransactionMethodsTests
{
    /// <summary>Version 1, one input, one output of 5000 to the P2PKH script of the vectors.</summary>
    private static readonly byte[] Raw = Convert.FromHexString(
        "0100000001" + new string('a', 64) + "0000000000ffffffff"
        + "01" + "8813000000000000" + "19" + "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac" + "00000000");

    private static readonly Hash256 Txid = TransactionReader.ReadWhole(Raw, TransactionFormat.Posv).ComputeTxid();
    private static readonly string Hex = Convert.ToHexStringLower(Raw);

    [Theory]
    [InlineData("")]
    [InlineData(",null")]
    [InlineData(",false")]
    [InlineData(",5")]
    [InlineData(",0")]
    public async Task A_transaction_comes_raw_whatever_height_a_legacy_wallet_adds(string second)
    {
        await using var server = new TestSessions();
        server.Daemon.Transactions[Txid] = Raw;
        (await server.Connect().ResultAsync("blockchain.transaction.get", $"[\"{Txid}\"{second}]")).ShouldBe($"\"{Hex}\"");
    }

    [Fact]
    public async Task A_verbose_transaction_is_what_the_daemon_says_with_its_numbers_unchanged()
    {
        const string Decoded = """{"txid":"x","vout":[{"value":0.10000000,"n":12345678901234567890}],"note":"ä\u0001"}""";
        await using var server = new TestSessions();
        server.Daemon.OnVerbose = txid => txid == Txid ? JsonElement.Parse(Decoded) : null;
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.transaction.get", $"[\"{Txid}\",true]")).ShouldBe(Decoded);
        (await wallet.ErrorAsync("blockchain.transaction.get", $"[\"{ScriptedChain.Hash(1)}\",true]")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Unknown_and_invalid_transactions_are_told_apart()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (int code, string message) = await wallet.ErrorAsync("blockchain.transaction.get", $"[\"{Txid}\"]");
        code.ShouldBe(2);
        message.ShouldStartWith("daemon error: ");
        (await wallet.ErrorAsync("blockchain.transaction.get", "[\"abc\"]")).ShouldBe((1, "abc is not a valid transaction hash"));
        (await wallet.ErrorAsync("blockchain.transaction.get", $"[\"{Txid}\",\"yes\"]")).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("blockchain.transaction.get_merkle", $"[\"{Txid}\",5]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.transaction.id_from_pos", "[5,0]")).Code.ShouldBe(1);
        (await wallet.ErrorAsync("blockchain.transaction.id_from_pos", "[5,0,true]")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_daemon_keeps_one_request_waiting_later_ones_are_answered()
    {
        var hold = new TaskCompletionSource();
        await using var server = new TestSessions();
        server.Daemon.Transactions[Txid] = Raw;
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync($$"""{"id":1,"method":"blockchain.transaction.get","params":["{{Txid}}"]}""");
        await wallet.ExpectSilenceAsync();
        hold.SetResult();
        (await wallet.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task With_too_many_waiting_no_more_are_read_until_one_is_done()
    {
        var hold = new TaskCompletionSource();
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { MaxOutstanding = 3 } });
        server.Daemon.Transactions[Txid] = Raw;
        server.Daemon.Hold = hold.Task;
        TestWallet wallet = server.Connect();
        for (int i = 0; i < 3; i++)
            await wallet.SendLineAsync($$"""{"id":{{i}},"method":"blockchain.transaction.get","params":["{{Txid}}"]}""");
        await wallet.SendLineAsync("""{"id":"ping","method":"server.ping"}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 3));
        hold.SetResult();
        var ids = new List<string>();
        for (int i = 0; i < 4; i++)
            ids.Add((await wallet.ReadAsync()).GetProperty("id").GetRawText());
        ids.ShouldBe(["0", "1", "2", "\"ping\""], ignoreOrder: true);
        ids[0].ShouldNotBe("\"ping\"");
    }

    [Fact]
    public async Task A_daemon_that_is_away_is_a_clear_error_and_the_session_goes_on()
    {
        await using var server = new TestSessions();
        server.Daemon.Hold = Task.FromException(ScriptedDaemon.Away);
        TestWallet wallet = server.Connect();
        (int code, string message) = await wallet.ErrorAsync("blockchain.transaction.get", $"[\"{Txid}\"]");
        code.ShouldBe(2);
        message.ShouldStartWith("daemon error: ");
        server.Log.Errors.ShouldBeEmpty();
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task The_address_of_an_output_is_known_while_it_is_unspent()
    {
        await using var server = new TestSessions();
        server.Daemon.Transactions[Txid] = Raw;
        server.Chain.Change(state => state.Unspent[Vectors.P2Pkh] = [new UnspentOutput(Txid, 0, 7, 5000)]);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.utxo.get_address", $"[\"{Txid}\",0]")).ShouldBe($"\"{Vectors.Address}\"");
        (await wallet.ResultAsync("blockchain.utxo.get_address", $"[\"{Txid}\",1]")).ShouldBe("null");
    }

    [Theory]
    [InlineData(null, "\"the daemon's words\"")]
    [InlineData("0.9", "\"the daemon's words\"")]
    [InlineData("1.0", "\"the daemon's words\"")]
    [InlineData("1.1", null)]
    [InlineData("1.4", null)]
    public async Task A_refused_transaction_is_a_result_for_old_wallets_and_an_error_for_others(string? version, string? result)
    {
        await using var server = new TestSessions();
        server.Daemon.OnBroadcast = _ => throw new DaemonRejectedException(-25, "the daemon's words");
        TestWallet wallet = server.Connect();
        if (version is not null) await wallet.NegotiateAsync(version);
        if (result is not null)
        {
            (await wallet.ResultAsync("blockchain.transaction.broadcast", $"[\"{Hex}\"]")).ShouldBe(result);
            return;
        }

        (await wallet.ErrorAsync("blockchain.transaction.broadcast", $"[\"{Hex}\"]"))
            .ShouldBe((1, $"the transaction was rejected by network rules.\n\nthe daemon's words\n[{Hex}]"));
    }

    [Fact]
    public async Task A_sent_transaction_is_answered_with_the_txid_of_the_daemon()
    {
        await using var server = new TestSessions();
        server.Daemon.OnBroadcast = hex => Task.FromResult(hex == Hex ? Txid : default);
        (await server.Connect().ResultAsync("blockchain.transaction.broadcast", $"[\"{Hex}\"]")).ShouldBe($"\"{Txid}\"");
    }

    [Fact]
    public async Task A_transaction_that_the_daemon_has_already_is_a_success()
    {
        await using var server = new TestSessions();
        server.Daemon.Transactions[Txid] = Raw;
        (await server.Connect().ResultAsync("blockchain.transaction.broadcast", $"[\"{Hex}\"]")).ShouldBe($"\"{Txid}\"");
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("")]
    [InlineData("0100")]
    public async Task What_is_no_transaction_is_refused_without_asking_the_daemon(string hex)
    {
        await using var server = new TestSessions();
        server.Daemon.OnBroadcast = _ => throw new InvalidOperationException("It was asked.");
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.transaction.broadcast", $"[\"{hex}\"]")).ShouldBe("\"TX decode failed\"");
        await wallet.NegotiateAsync("1.4");
        (await wallet.ErrorAsync("blockchain.transaction.broadcast", $"[\"{hex}\"]")).Message.ShouldContain("\n\nTX decode failed\n");
    }

    [Theory]
    [InlineData("0.9")]
    [InlineData("1.4")]
    public async Task Sending_while_the_daemon_is_away_says_so(string version)
    {
        await using var server = new TestSessions();
        server.Daemon.OnBroadcast = _ => throw ScriptedDaemon.Away;
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        JsonElement reply = await wallet.CallAsync("blockchain.transaction.broadcast", $"[\"{Hex}\"]");
        string? text = version == "0.9" ? reply.GetProperty("result").GetString() : reply.GetProperty("error").GetProperty("message").GetString();
        text!.ShouldContain("cannot reach its node");
    }
}
