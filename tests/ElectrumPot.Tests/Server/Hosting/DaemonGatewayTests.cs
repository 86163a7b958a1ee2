// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Tests.Daemon;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Index;
using Shouldly;
using Xunit;
using ScriptedDaemon = ElectrumPot.Tests.Daemon.ScriptedDaemon;

namespace ElectrumPot.Tests.Server.Hosting;

public sealed class DaemonGatewayTests
{
    private const string Missing = "\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"}";

    public static TheoryData<string, Dictionary<string, string>, RelayFees> Generations => new()
    {
        {
            "potcoind 0.8 tells nothing",
            new() { ["getinfo"] = """{"version":80702,"blocks":7}""" },
            RelayFees.Of(100_000)
        },
        {
            "potcoind 0.9 tells its relay fee",
            new() { ["getinfo"] = """{"version":90500,"relayfee":0.00200000}""", ["getnetworkinfo"] = """{"version":90500,"relayfee":0.00200000}""" },
            RelayFees.Of(200_000)
        },
        {
            "litecoind 0.21 has the increment under its old name",
            new()
            {
                ["getnetworkinfo"] = """{"version":210201,"relayfee":0.00001000,"incrementalfee":0.00002000}""",
                ["getmempoolinfo"] = """{"size":0,"mempoolminfee":0.00003000,"minrelaytxfee":0.00001000}""",
            },
            new RelayFees(1000, 3000, 2000)
        },
        {
            "bitcoind of today; a mempool minimum below the relay fee counts for nothing",
            new()
            {
                ["getnetworkinfo"] = """{"version":300000,"relayfee":0.00001000,"incrementalfee":0.00009000}""",
                ["getmempoolinfo"] = """{"size":0,"mempoolminfee":0.00000100,"minrelaytxfee":0.00001000,"incrementalrelayfee":0.00000100}""",
            },
            new RelayFees(1000, 1000, 100)
        },
    };

    [Theory]
    [MemberData(nameof(Generations), DisableDiscoveryEnumeration = true)]
    public async Task Every_generation_of_daemons_tells_what_it_can_of_its_fees(string generation, Dictionary<string, string> answers, RelayFees expected)
    {
        await using var daemon = new ScriptedDaemon(call => Answer(call, answers));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        using var index = new IndexFixture();
        var gateway = new DaemonGateway(client, new RawTransactions(index.Index, client), TestClient.Potcoin, TimeProvider.System);

        (await gateway.GetRelayFeesAsync(TestClient.Cancel)).ShouldBe(expected, generation);
    }

    [Fact]
    public async Task Fees_are_asked_for_again_after_a_while_and_nobody_waits_for_it()
    {
        var answers = new Dictionary<string, string>
        {
            ["getnetworkinfo"] = """{"version":210201,"relayfee":0.00001000}""",
            ["getmempoolinfo"] = """{"mempoolminfee":0.00001000}""",
        };
        await using var daemon = new ScriptedDaemon(call => Answer(call, answers));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        using var index = new IndexFixture();
        var time = new ManualTime();
        var gateway = new DaemonGateway(client, new RawTransactions(index.Index, client), TestClient.Potcoin, time);
        (await gateway.GetRelayFeesAsync(TestClient.Cancel)).MempoolMinimum.ShouldBe(1000);

        answers["getmempoolinfo"] = """{"mempoolminfee":0.00005000}""";
        (await gateway.GetRelayFeesAsync(TestClient.Cancel)).MempoolMinimum.ShouldBe(1000);
        time.Advance(TimeSpan.FromSeconds(31));
        await Poll.UntilAsync(() => gateway.GetRelayFeesAsync(TestClient.Cancel).AsTask() is { IsCompletedSuccessfully: true, Result.MempoolMinimum: 5000 });

        daemon.Misbehave = _ => ScriptedReply.Nothing;
        time.Advance(TimeSpan.FromSeconds(31));
        (await gateway.GetRelayFeesAsync(TestClient.Cancel)).MempoolMinimum.ShouldBe(5000);
    }

    [Fact]
    public async Task However_many_ask_first_the_daemon_is_asked_once()
    {
        int asked = 0;
        await using var daemon = new ScriptedDaemon(call =>
        {
            if (call.Method == "getnetworkinfo") Interlocked.Increment(ref asked);
            return Answer(call, new() { ["getnetworkinfo"] = """{"version":210201,"relayfee":0.00001000}""" });
        });
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        using var index = new IndexFixture();
        var gateway = new DaemonGateway(client, new RawTransactions(index.Index, client), TestClient.Potcoin, TimeProvider.System);

        RelayFees[] fees = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.GetRelayFeesAsync(TestClient.Cancel).AsTask()));

        fees.ShouldAllBe(fee => fee == RelayFees.Of(1000));
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_daemon_behind_a_proxy_that_lets_no_such_question_through_has_the_fees_of_its_coin()
    {
        await using var daemon = new ScriptedDaemon(call => Answer(call, []));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        using var index = new IndexFixture();
        var gateway = new DaemonGateway(client, new RawTransactions(index.Index, client), TestClient.Potcoin, TimeProvider.System);
        await Should.ThrowAsync<DaemonErrorException>(async () => await gateway.GetRelayFeesAsync(TestClient.Cancel));

        // By now it is known that it has none of the methods.
        (await gateway.GetRelayFeesAsync(TestClient.Cancel)).ShouldBe(RelayFees.Of(TestClient.Potcoin.RelayFee));
    }

    private static string Answer(RpcCall call, Dictionary<string, string> answers) => call.Method switch
    {
        "getblockhash" => ScriptedDaemon.Result($"\"{TestClient.Potcoin.GenesisHash}\""),
        _ => answers.TryGetValue(call.Method, out string? answer) ? ScriptedDaemon.Result(answer) : Missing,
    };
}
