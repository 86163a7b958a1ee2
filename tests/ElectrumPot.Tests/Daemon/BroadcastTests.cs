// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

/// <summary>Submitting a transaction when the reply gets lost.</summary>
public sealed class BroadcastTests
{
    private readonly RecordedNode _node = new("0.9.5.0");

    private string Hex => _node.ParameterOf("sendraw-ok");

    private string Txid => _node.ResultOf("sendraw-ok").GetString()!;

    [Fact]
    public async Task A_lost_reply_of_an_accepted_transaction_is_a_success_and_not_sent_twice()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == "getrawtransaction" ? ScriptedDaemon.Result($"\"{Hex}\"") : _node.Answer(call))
        {
            Misbehave = static request => request.Has("sendrawtransaction") ? ScriptedReply.Nothing : null,
        };
        await using DaemonClient client = TestClient.For(TestClient.Options(daemon.Port) with { MinBackOff = TimeSpan.FromTicks(1) }, TestClient.Potcoin);

        Hash256 txid = await client.SendRawTransactionAsync(Hex, TestClient.Cancel);

        txid.ToString().ShouldBe(Txid);
        daemon.Count("sendrawtransaction").ShouldBe(1);
    }

    [Fact]
    public async Task A_lost_request_is_sent_again_once_it_is_known_not_to_have_arrived()
    {
        int sent = 0;
        await using var daemon = new ScriptedDaemon(call => call.Method switch
        {
            "sendrawtransaction" => _node.ReplyOf("sendraw-ok"),
            "getrawtransaction" => _node.ReplyOf("getrawtransaction-unknown"),
            _ => _node.Answer(call),
        })
        {
            Misbehave = request => request.Has("sendrawtransaction") && Interlocked.Increment(ref sent) == 1 ? ScriptedReply.Nothing : null,
        };
        await using DaemonClient client = TestClient.For(TestClient.Options(daemon.Port) with { MinBackOff = TimeSpan.FromTicks(1) }, TestClient.Potcoin);

        (await client.SendRawTransactionAsync(Hex, TestClient.Cancel)).ToString().ShouldBe(Txid);

        daemon.Requests.Select(request => request.Calls[0].Method).Where(method => method is "sendrawtransaction" or "getrawtransaction")
            .ShouldBe(["sendrawtransaction", "getrawtransaction", "sendrawtransaction"]);
    }

    [Fact]
    public async Task A_kept_connection_that_dies_under_a_broadcast_does_not_make_http_repeat_it()
    {
        await using var daemon = new ScriptedDaemon(_node.Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);
        await client.GetTipAsync(TestClient.Cancel);
        daemon.Misbehave = static _ => ScriptedReply.Nothing;

        await Should.ThrowAsync<DaemonUnavailableException>(client.SendRawTransactionAsync("00", TestClient.Cancel));

        daemon.Count("sendrawtransaction").ShouldBe(1);
    }

    [Fact]
    public async Task A_daemon_away_leaves_the_transaction_unsent_and_says_so()
    {
        using var reserved = new ReservedPort();
        await using DaemonClient client = TestClient.For(TestClient.Options(reserved.Port), TestClient.Potcoin);

        var error = await Should.ThrowAsync<DaemonUnavailableException>(client.SendRawTransactionAsync(Hex, TestClient.Cancel));

        error.MayHaveBeenProcessed.ShouldBeFalse();
    }

    [Fact]
    public async Task Text_from_a_wallet_cannot_leave_its_string()
    {
        const string Hostile = "00\"],\"method\":\"stop\",\"x\":[\"";
        await using var daemon = new ScriptedDaemon(call => call.Method == "sendrawtransaction" ? ScriptedDaemon.Error(-8, "not hex") : _node.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        await Should.ThrowAsync<DaemonRejectedException>(client.SendRawTransactionAsync(Hostile, TestClient.Cancel));

        daemon.Requests.Single(request => request.Has("sendrawtransaction")).Calls.Single().Text(0).ShouldBe(Hostile);
    }
}
