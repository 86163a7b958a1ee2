// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class PackageMethodsTests
{
    private const string Rejected = "the tx package was rejected by network rules.\n\n";

    private static readonly string Parent = Transaction("88130000");
    private static readonly string Child = Transaction("87130000");
    private static readonly Hash256 ParentTxid = TxidOf(Parent);
    private static readonly Hash256 ChildTxid = TxidOf(Child);
    private static readonly string Package = $"[\"{Parent}\",\"{Child}\"]";

    [Fact]
    public async Task Without_packages_the_members_are_sent_one_by_one_until_one_is_refused()
    {
        await using var server = new TestSessions();
        var sent = new List<string>();
        server.Daemon.OnBroadcast = hex =>
        {
            sent.Add(hex);
            return hex == Parent ? Task.FromResult(ParentTxid) : throw new DaemonRejectedException(-22, "TX rejected");
        };
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[[\"{Parent}\"]]")).ShouldBe("""{"success":true}""");
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[{Package}]"))
            .ShouldBe($$"""{"success":false,"errors":[{"txid":"{{ChildTxid}}","error":"TX rejected"}]}""");
        sent.ShouldBe([Parent, Parent, Child]);
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[[\"{Child}\",\"{Parent}\"],true]")).ShouldBe(
            Report(
                "transaction failed",
                $"\"{ChildTxid}\":{{\"txid\":\"{ChildTxid}\",\"vsize\":85,\"error\":\"TX rejected\"}}",
                $"\"{ParentTxid}\":{{\"txid\":\"{ParentTxid}\",\"vsize\":85,\"error\":\"package-not-validated\"}}"));
    }

    [Fact]
    public async Task With_packages_the_daemon_decides_and_reports()
    {
        await using var server = new TestSessions();
        string answer = "";
        server.Daemon.OnPackage = transactions =>
        {
            transactions.ShouldBe([Parent, Child]);
            return Task.FromResult<JsonElement?>(JsonElement.Parse(answer));
        };
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        answer = """{"package_msg":"success","tx-results":{},"note":"kept"}""";
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[{Package}]")).ShouldBe("""{"success":true}""");
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[{Package},true]")).ShouldBe(answer);
        answer = Report("transaction failed", $"\"aa\":{{\"txid\":\"{ParentTxid}\"}}", $"\"bb\":{{\"txid\":\"{ChildTxid}\",\"error\":\"dust\"}}");
        (await wallet.ResultAsync("blockchain.transaction.broadcast_package", $"[{Package},false]"))
            .ShouldBe($$"""{"success":false,"errors":[{"txid":"{{ChildTxid}}","error":"dust"}]}""");
        server.Daemon.OnPackage = _ => throw new DaemonErrorException("submitpackage", -25, "package topology disallowed");
        (await wallet.ErrorAsync("blockchain.transaction.broadcast_package", $"[{Package}]")).ShouldBe((1, Rejected + "package topology disallowed"));
        server.Daemon.OnPackage = _ => throw ScriptedDaemon.Away;
        (await wallet.ErrorAsync("blockchain.transaction.broadcast_package", $"[{Package}]")).Code.ShouldBe(2);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_package_is_refused_and_nothing_is_sent()
    {
        await using var server = new TestSessions();
        server.Daemon.OnBroadcast = _ => throw new InvalidOperationException("Nothing may be sent.");
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        foreach (string arguments in (string[])["[]", "[[]]", "[[5]]", "[\"00\"]", $"[{Package},1]"])
            (await wallet.ErrorAsync("blockchain.transaction.broadcast_package", arguments)).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("blockchain.transaction.broadcast_package", $"[[\"{Parent}\",\"00\"]]")).ShouldBe((1, Rejected + "TX decode failed"));
        (await wallet.ErrorAsync("blockchain.transaction.broadcast_package", $"[[\"{Parent}\",\"{Parent}\"]]"))
            .ShouldBe((1, Rejected + "package-contains-duplicates"));
    }

    [Fact]
    public async Task A_daemon_that_can_tells_what_it_would_take()
    {
        await using var server = new TestSessions();
        server.Daemon.OnTest = transactions =>
        {
            transactions.ShouldBe([Parent, Child]);
            return [new MempoolAcceptance(ParentTxid, null, true, null), new MempoolAcceptance(ChildTxid, ScriptedChain.Hash(9), false, "missing-inputs")];
        };
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("blockchain.transaction.testmempoolaccept", $"[{Package}]")).ShouldBe(
            $$"""[{"txid":"{{ParentTxid}}","wtxid":"{{ParentTxid}}","allowed":true},"""
            + $$"""{"txid":"{{ChildTxid}}","wtxid":"{{ScriptedChain.Hash(9)}}","allowed":false,"reason":"missing-inputs"}]""");
        (await wallet.ErrorAsync("blockchain.transaction.testmempoolaccept", "[[\"00\"]]")).ShouldBe((1, "TX decode failed"));
        (await wallet.ErrorAsync("blockchain.transaction.testmempoolaccept", "[[]]")).Code.ShouldBe(-32602);
    }

    [Fact]
    public async Task A_daemon_that_cannot_is_a_clear_error()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (int code, string message) = await wallet.ErrorAsync("blockchain.transaction.testmempoolaccept", $"[{Package}]");
        code.ShouldBe(2);
        message.ShouldContain("cannot test transactions");
    }

    private static string Report(string message, params string[] results) =>
        "{\"package_msg\":\"" + message + "\",\"tx-results\":{" + string.Join(',', results) + "},\"replaced-transactions\":[]}";

    /// <summary>Version 1, one input, one output.</summary>
    private static string Transaction(string value) =>
        "0100000001" + new string('a', 64) + "0000000000ffffffff"
        + "01" + value + "00000000" + "19" + "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac" + "00000000";

    private static Hash256 TxidOf(string hex) => TransactionReader.ReadWhole(Convert.FromHexString(hex), TransactionFormat.Posv).ComputeTxid();
}
