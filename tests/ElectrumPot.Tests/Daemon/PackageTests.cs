// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

/// <summary>Calls that only some daemons have.</summary>
public sealed class PackageTests
{
    private const string Txid = "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Wtxid = "2222222222222222222222222222222222222222222222222222222222222222";

    private readonly RecordedNode _node = new("0.9.5.0");

    [Fact]
    public async Task What_the_daemon_lacks_is_asked_for_once()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method is "submitpackage" or "testmempoolaccept"
            ? ScriptedDaemon.Error(-32601, "Method not found")
            : _node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        for (int i = 0; i < 3; i++)
        {
            (await client.SubmitPackageAsync(["00"], TestClient.Cancel)).ShouldBeNull();
            (await client.TestMempoolAcceptAsync(["00", "01"], TestClient.Cancel)).ShouldBeNull();
        }

        daemon.Count("submitpackage").ShouldBe(1);
        daemon.Count("testmempoolaccept").ShouldBe(1);
    }

    [Fact]
    public async Task A_package_is_reported_and_what_is_none_is_refused()
    {
        string answer = ScriptedDaemon.Result("""{"package_msg":"success"}""");
        await using var daemon = new ScriptedDaemon(call => call.Method == "submitpackage" ? answer : _node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        JsonElement? report = await client.SubmitPackageAsync(["00", "01"], TestClient.Cancel);
        report!.Value.GetProperty("package_msg").GetString().ShouldBe("success");
        answer = ScriptedDaemon.Error(-25, "package topology disallowed");
        (await Should.ThrowAsync<DaemonErrorException>(client.SubmitPackageAsync(["00"], TestClient.Cancel))).RpcMessage.ShouldBe("package topology disallowed");
    }

    [Fact]
    public async Task Transactions_are_tested_together_or_one_by_one_where_the_daemon_takes_only_one()
    {
        bool takesMany = true;
        await using var daemon = new ScriptedDaemon(call => call.Method != "testmempoolaccept" ? _node.Answer(call)
            : takesMany ? ScriptedDaemon.Result($$"""[{"txid":"{{Txid}}","wtxid":"{{Wtxid}}","allowed":true},{"txid":"{{Wtxid}}","package-error":"package-not-sorted"}]""")
            : call.Params[0].GetArrayLength() > 1 ? ScriptedDaemon.Error(-8, "Array must contain exactly one raw transaction for now")
            : ScriptedDaemon.Result($$"""[{"txid":"{{Txid}}","allowed":false,"reject-reason":"missing-inputs"}]"""));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        Hash256 txid = Hash256.Parse(Txid);
        Hash256 wtxid = Hash256.Parse(Wtxid);
        (await client.TestMempoolAcceptAsync(["00", "01"], TestClient.Cancel))
            .ShouldBe([new MempoolAcceptance(txid, wtxid, true, null), new MempoolAcceptance(wtxid, null, null, "package-not-sorted")]);
        takesMany = false;
        var refused = new MempoolAcceptance(txid, null, false, "missing-inputs");
        (await client.TestMempoolAcceptAsync(["00", "01"], TestClient.Cancel)).ShouldBe([refused, refused]);
    }

    [Theory]
    [InlineData("""{"height":7,"confirmations":3}""", 7)]
    [InlineData("""{"height":7}""", 7)]
    [InlineData("""{"height":7,"confirmations":-1}""", null)]
    public async Task The_height_of_a_block_on_the_best_chain(string block, int? height)
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == "getblock" ? ScriptedDaemon.Result(block) : _node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        (await client.GetBlockHeightAsync(Hash256.Parse(Txid), TestClient.Cancel)).ShouldBe(height);
    }

    [Fact]
    public async Task An_unknown_block_has_no_height()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == "getblock" ? ScriptedDaemon.Error(-5, "Block not found") : _node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        (await client.GetBlockHeightAsync(Hash256.Parse(Txid), TestClient.Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_mode_of_an_estimate_goes_to_the_daemon_that_knows_modes()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method switch
        {
            "estimatesmartfee" => ScriptedDaemon.Result("""{"feerate":0.001}"""),
            "estimatefee" => ScriptedDaemon.Error(-32601, "Method not found"),
            _ => _node.Answer(call),
        });
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        (await client.EstimateFeeAsync(5, FeeEstimateMode.Economical, TestClient.Cancel)).ShouldBe(100_000);
        await client.EstimateFeeAsync(5, FeeEstimateMode.Default, TestClient.Cancel);
        daemon.Requests.SelectMany(request => request.Calls).Where(call => call.Method == "estimatesmartfee").Select(call => call.Params.GetRawText())
            .ShouldBe(["""[5,"ECONOMICAL"]""", "[5]"]);
    }
}
