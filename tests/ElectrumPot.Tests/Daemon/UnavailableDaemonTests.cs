// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

/// <summary>A daemon that is away, starting, silent, locked, or none at all.</summary>
public sealed class UnavailableDaemonTests
{
    private readonly FakeChain _chain = new(5);

    [Fact]
    public async Task Nobody_listening_is_said_so_and_waited_out()
    {
        using var reserved = new ReservedPort();
        int port = reserved.Port;
        await using DaemonClient client = TestClient.For(TestClient.Options(port), _chain.Coin);

        var error = await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));
        error.State.ShouldBe(DaemonState.Unreachable);
        error.Message.ShouldContain($"127.0.0.1:{port}");
        error.Message.ShouldContain("connection refused");
        error.MayHaveBeenProcessed.ShouldBeFalse();

        await using var daemon = new ScriptedDaemon(_chain.Answer, reserved);
        await client.WaitForRetryAsync(TestClient.Cancel);
        (await client.GetTipAsync(TestClient.Cancel)).ShouldBe(_chain.Tip);
        client.Status.State.ShouldBe(DaemonState.Ok);
    }

    [Fact]
    public async Task A_wrong_password_is_said_so()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        daemon.Misbehave = static _ => ScriptedReply.Http("HTTP/1.0 401 Authorization Required", "<HTML>401</HTML>", "text/html") with { Close = true };
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        var error = await Should.ThrowAsync<DaemonUnauthorizedException>(client.GetTipAsync(TestClient.Cancel));

        error.Message.ShouldContain("rpcpassword");
        error.Message.ShouldNotContain("pass;");
        client.Status.State.ShouldBe(DaemonState.Unauthorized);
    }

    [Fact]
    public async Task An_unwelcome_host_is_said_so()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        daemon.Misbehave = static _ => ScriptedReply.Http("HTTP/1.1 403 Forbidden", "") with { Close = true };
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        (await Should.ThrowAsync<DaemonUnauthorizedException>(client.GetTipAsync(TestClient.Cancel))).Message.ShouldContain("rpcallowip");
    }

    [Theory]
    [InlineData(-28, "Loading block index...", DaemonState.Starting)]
    [InlineData(-2, "Safe mode: Warning: Displayed transactions may not be correct!", DaemonState.SafeMode)]
    public async Task Starting_and_safe_mode_are_temporary(int code, string message, DaemonState state)
    {
        bool ready = false;
        await using var daemon = new ScriptedDaemon(call => ready ? _chain.Answer(call) : ScriptedDaemon.Error(code, message));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        var error = await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));
        error.State.ShouldBe(state);
        error.Message.ShouldContain(message);

        ready = true;
        await client.WaitForRetryAsync(TestClient.Cancel);
        (await client.GetTipAsync(TestClient.Cancel)).ShouldBe(_chain.Tip);
    }

    [Fact]
    public async Task A_silent_daemon_costs_the_timeout_and_no_more()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer) { Misbehave = static _ => ScriptedReply.Silence };
        await using DaemonClient client = TestClient.For(
            TestClient.Options(daemon.Port) with { RequestTimeout = TimeSpan.FromMilliseconds(100) }, _chain.Coin);

        var error = await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));

        error.State.ShouldBe(DaemonState.TimedOut);
        error.Message.ShouldContain("rpcthreads");
        daemon.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_a_call_is_no_fault_of_the_daemon()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        await client.GetTipAsync(TestClient.Cancel);
        daemon.Misbehave = static _ => ScriptedReply.Silence;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestClient.Cancel);

        Task<ChainTip> call = client.GetTipAsync(cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        client.Status.State.ShouldBe(DaemonState.Ok);
    }

    [Fact]
    public async Task A_daemon_of_another_coin_is_never_asked_for_anything_else()
    {
        await using var daemon = new ScriptedDaemon(new FakeChain(3).Answer);
        await using DaemonClient client = TestClient.For(daemon, TestClient.Potcoin);

        var error = await Should.ThrowAsync<WrongCoinException>(client.CheckCoinAsync(TestClient.Cancel));
        await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));

        error.Message.ShouldContain(TestClient.Potcoin.GenesisHash.ToString());
        error.Message.ShouldContain(error.Actual.ToString());
        client.Status.State.ShouldBe(DaemonState.WrongCoin);
        daemon.Requests.ShouldAllBe(request => request.Calls.Count == 1 && request.Has("getblockhash"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[{\"id\":0}]")]
    [InlineData("[{\"result\":\"00\",\"error\":null,\"id\":0}]")]
    [InlineData("[{\"result\":5,\"error\":null,\"id\":0}]")]
    [InlineData("[{\"result\":5,\"error\":null,\"id\":7}]")]
    [InlineData("[{\"result\":5,\"error\":null,\"id\":0},{\"result\":5,\"error\":null,\"id\":0}]")]
    [InlineData("[{\"result\":")]
    public async Task Nonsense_is_a_typed_error(string body)
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer) { Misbehave = _ => ScriptedReply.Ok(body) };
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        await Should.ThrowAsync<MalformedReplyException>(client.GetTipAsync(TestClient.Cancel));
        client.Status.State.ShouldBe(DaemonState.Malformed);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<h1>no</h")]
    public async Task Another_service_on_the_port_is_recognised(string text)
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer) { Misbehave = _ => new ScriptedReply(text) { Close = true } };
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        (await Should.ThrowAsync<MalformedReplyException>(client.GetTipAsync(TestClient.Cancel))).Message.ShouldContain("is the port right?");
    }

    [Fact]
    public async Task While_it_rests_a_daemon_is_left_alone()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer) { Misbehave = static _ => ScriptedReply.Http("HTTP/1.1 503 Service Unavailable", "") };
        await using DaemonClient client = TestClient.For(
            TestClient.Options(daemon.Port) with { MinBackOff = TimeSpan.FromHours(1), MaxBackOff = TimeSpan.FromHours(1) }, _chain.Coin);

        for (int i = 0; i < 20; i++)
            (await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel))).State.ShouldBe(DaemonState.Busy);

        daemon.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_log_has_a_line_for_each_change_not_for_each_attempt()
    {
        var log = new LogCollector<DaemonClient>();
        using var reserved = new ReservedPort();
        int port = reserved.Port;
        await using DaemonClient client = TestClient.For(TestClient.Options(port), _chain.Coin, log);
        for (int i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));
            await client.WaitForRetryAsync(TestClient.Cancel);
        }

        await using var daemon = new ScriptedDaemon(_chain.Answer, reserved);
        await client.WaitForRetryAsync(TestClient.Cancel);
        for (int i = 0; i < 3; i++)
            await client.GetTipAsync(TestClient.Cancel);

        log.Lines.Select(line => line.Level).ShouldBe([LogLevel.Warning, LogLevel.Information]);
        log.Lines.ShouldAllBe(line => !line.Text.Contains("pass", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_daemon_is_used_while_the_first_is_away()
    {
        using var reserved = new ReservedPort();
        int port = reserved.Port;
        await using var second = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(TestClient.Options(port, second.Port), _chain.Coin);

        (await client.GetTipAsync(TestClient.Cancel)).ShouldBe(_chain.Tip);
        client.Status.Endpoint!.Port.ShouldBe(second.Port);
        client.Status.Detail.ShouldContain($":{port}");

        await using var first = new ScriptedDaemon(_chain.Answer, reserved);
        while (client.Status.Endpoint!.Port != port)
        {
            await client.WaitForRetryAsync(TestClient.Cancel);
            await client.GetTipAsync(TestClient.Cancel);
        }

        client.Status.IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_daemon_of_another_coin_is_not_used()
    {
        await using var second = new ScriptedDaemon(new RecordedNode("0.9.5.0").Answer);
        using var reserved = new ReservedPort();
        await using DaemonClient client = TestClient.For(TestClient.Options(reserved.Port, second.Port), _chain.Coin);

        await Should.ThrowAsync<DaemonUnavailableException>(client.GetTipAsync(TestClient.Cancel));

        second.Count("getbestblockhash").ShouldBe(0);
    }

    [Fact]
    public async Task A_kept_connection_that_died_is_replaced_unnoticed()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);
        await client.GetTipAsync(TestClient.Cancel);
        int dead = daemon.Connections;
        daemon.Misbehave = request => request.Connection == dead ? ScriptedReply.Nothing : null;

        (await client.GetBlockHashesAsync(0, 5, TestClient.Cancel)).Count.ShouldBe(5);

        client.Status.IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_block_of_another_hash_is_refused()
    {
        await using var daemon = new ScriptedDaemon(call => call.Method == "getblock"
            ? ScriptedDaemon.Result($"\"{Convert.ToHexStringLower(_chain.Block(2))}\"")
            : _chain.Answer(call));
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        (await client.GetBlockAsync(_chain.Hash(2), TestClient.Cancel)).ShouldBe(_chain.Block(2));
        await Should.ThrowAsync<MalformedReplyException>(client.GetBlockAsync(_chain.Hash(3), TestClient.Cancel));
    }

    [Fact]
    public async Task An_unknown_block_is_an_error_of_its_own()
    {
        await using var daemon = new ScriptedDaemon(_chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, _chain.Coin);

        (await Should.ThrowAsync<DaemonErrorException>(client.GetBlockAsync(Hash256.Zero, TestClient.Cancel))).Code.ShouldBe(-5);

        client.Status.IsOk.ShouldBeTrue();
    }
}
