// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>
/// Every documented error in every version: objects with a code, but bare texts for those that agreed on 1.0 or older
/// and do not claim to speak JSON-RPC 2.0.
/// </summary>
public sealed class ErrorTests(ConformanceServer servers) : IClassFixture<ConformanceServer>
{
    public static TheoryData<string, string> Failures() => [.. ErrorTable.Rows.Select(row => new TheoryDataRow<string, string>(row.Method, row.Args)).Distinct()];

    public static TheoryData<string> Versions => [.. VersionMatrix.Versions];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_has_its_code_and_its_text_in_every_version(string method, string args)
    {
        ErrorRow row = ErrorTable.Rows.Single(one => one.Method == method && one.Args == args);
        string request = $$"""{"id":7,"method":"{{method}}","params":{{ConformanceServer.Fill(args)}}}""";
        foreach (string version in VersionMatrix.Versions.Where(version => row.Versions.Contains(VersionMatrix.IndexOf(version))))
        {
            TestWallet wallet = await ConnectAsync(servers.Callable, version);
            (int code, string message) = StrictReply.Error(await wallet.ExchangeAsync(request.Replace("{\"id\"", "{\"jsonrpc\":\"2.0\",\"id\"", StringComparison.Ordinal)), "7");
            row.Codes.ShouldContain(code, $"{version}: {message}");
            message.ShouldStartWith(ConformanceServer.Fill(row.Text));

            string? plain = await wallet.ExchangeAsync(request);
            if (IsLegacy(version)) StrictReply.LegacyError(plain, "7").ShouldStartWith(ConformanceServer.Fill(row.Text));
            else StrictReply.Error(plain, "7").ShouldBe((code, message));
            await wallet.HangUpAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_history_that_is_too_large_is_an_error_and_no_subscription(string version)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false, options => options with { Limits = options.Limits with { MaxHistoryEntries = 3 } });
        TestWallet wallet = await ConnectAsync(server, version);
        int code = version == "1.7" ? 10001 : 1;
        foreach (string request in (string[])["scripthash.get_history\",\"params\":[\"$scripthash\"]", "scripthash.subscribe\",\"params\":[\"$scripthash\"]", "address.subscribe\",\"params\":[\"$address\"]", "address.get_history\",\"params\":[\"$address\"]"])
        {
            string? line = await wallet.ExchangeAsync(ConformanceServer.Fill("{\"id\":7,\"method\":\"blockchain." + request + "}"));
            if (IsLegacy(version)) StrictReply.LegacyError(line, "7").ShouldBe("history too large");
            else StrictReply.Error(line, "7").ShouldBe((code, "history too large"));
        }

        server.Manager.Sessions.Single().Subscriptions.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_the_daemon_says_of_a_refused_transaction_reaches_the_wallet(string version)
    {
        foreach (string reason in (string[])["TX rejected", "dust", "66: min relay fee not met", "258: txn-mempool-conflict", "Missing inputs", "16: bad-txns-inputs-missingorspent", "an \"odd\" \\ reason\n ä"])
        {
            await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
            server.Daemon.OnBroadcast = _ => throw new DaemonRejectedException(-22, reason);
            TestWallet wallet = await ConnectAsync(server, version);
            string? line = await wallet.ExchangeAsync(ConformanceServer.Fill("""{"id":7,"method":"blockchain.transaction.broadcast","params":["$rawnew"]}"""));
            if (IsLegacy(version))
            {
                StrictReply.Result(line, "7").GetString()!.ShouldContain(reason);
                continue;
            }

            (int code, string message) = StrictReply.Error(line, "7");
            code.ShouldBe(1);
            message.ShouldStartWith($"the transaction was rejected by network rules.\n\n{reason}");
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Without_a_daemon_fees_are_still_answered_and_transactions_are_a_daemon_error(string version)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        server.Daemon.OnEstimate = _ => Task.FromException<long?>(ScriptedDaemon.Away);
        server.Daemon.OnRelayFees = () => ValueTask.FromException<RelayFees>(ScriptedDaemon.Away);
        server.Daemon.OnBroadcast = _ => throw ScriptedDaemon.Away;
        server.Daemon.Hold = Task.FromException(ScriptedDaemon.Away);
        TestWallet wallet = await ConnectAsync(server, version);
        (await wallet.ResultAsync("blockchain.estimatefee", "[25]")).ShouldBe("-1");
        Shape.ShouldFit((await wallet.CallAsync("blockchain.relayfee")).GetProperty("result"), "coin");
        Shape.ShouldFit((await wallet.CallAsync("mempool.get_info")).GetProperty("result").GetProperty("minrelaytxfee"), "coin");
        (int code, string message) = await wallet.ErrorAsync("blockchain.transaction.get", ConformanceServer.Fill("[\"$first\"]"));
        code.ShouldBe(2);
        message.ShouldStartWith("daemon error: ");
        string? line = await wallet.ExchangeAsync(ConformanceServer.Fill("""{"id":7,"method":"blockchain.transaction.broadcast","params":["$rawnew"]}"""));
        if (IsLegacy(version)) StrictReply.Result(line, "7").GetString()!.ShouldNotBeEmpty();
        else StrictReply.Error(line, "7").Code.ShouldBeOneOf(1, 2);
        server.Log.Errors.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Beyond_the_limit_of_subscriptions_there_is_an_error_and_the_others_stay(string version)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false, options => options with { Limits = new SessionLimits { MaxSubscriptions = 2 } });
        TestWallet wallet = await ConnectAsync(server, version);
        for (int i = 0; i < 4; i++)
        {
            string? line = await wallet.ExchangeAsync($$"""{"id":7,"method":"blockchain.scripthash.subscribe","params":["{{ScriptedChain.Hash(i)}}"]}""");
            if (i < 2) StrictReply.Result(line, "7");
            else if (IsLegacy(version)) StrictReply.LegacyError(line, "7");
            else StrictReply.Error(line, "7").Code.ShouldBeOneOf(1, 4);
        }

        server.Manager.Sessions.Single().Subscriptions.ShouldBe(2);
        (await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{ScriptedChain.Hash(0)}\"]")).ShouldBe("null");
    }

    private static bool IsLegacy(string version) => VersionMatrix.IndexOf(version) <= VersionMatrix.IndexOf("1.0");

    private static async Task<TestWallet> ConnectAsync(TestSessions server, string version)
    {
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        return wallet;
    }
}
