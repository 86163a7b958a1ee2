// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>Sessions that take their time.</summary>
public sealed class SessionTimeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_says_nothing_is_closed_after_half_a_minute(bool isDryRun)
    {
        await using TestSessions server = Start(isDryRun);
        TestWallet silent = server.Connect();
        TestWallet polite = server.Connect();
        await polite.ExpectSilenceAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 2);
        server.Time.Advance(TimeSpan.FromSeconds(29));
        server.Log.Errors.ShouldBeEmpty();
        server.Time.Advance(TimeSpan.FromSeconds(3));
        if (isDryRun)
        {
            await silent.ExpectSilenceAsync();
        }
        else
        {
            (await silent.ReadLineAsync()).ShouldBeNull();
            server.Log.Lines.ShouldContain(line => line.Contains("reason=no-request"));
        }

        await polite.ExpectSilenceAsync();
        server.Log.Errors.Single().ShouldContain($"limit=first_request_timeout peer=127.0.0.1:40000 address=127.0.0.1 value=31 allowed=30 action={(isDryRun ? "would-close" : "closed")}");
    }

    [Fact]
    public async Task A_request_that_trickles_in_has_a_minute_however_often_a_byte_comes()
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect();
        await wallet.ExpectSilenceAsync();
        foreach (char character in """{"id":1,"method":"server""")
        {
            await wallet.SendAsync(character.ToString());
            await Task.Yield();
            server.Time.Advance(TimeSpan.FromSeconds(2));
        }

        await Poll.UntilAsync(() =>
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return server.Log.Lines.Any(line => line.Contains("reason=request-too-slow"));
        });
        (await wallet.ReadLineAsync()).ShouldBeNull();
        server.Log.Errors.Single().ShouldContain("limit=request_timeout");
    }

    [Fact]
    public async Task A_request_just_in_time_is_answered_and_the_next_has_its_own_minute()
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect();
        await wallet.ExpectSilenceAsync();
        for (int i = 0; i < 3; i++)
        {
            await wallet.SendAsync("{\"id\":7,");
            await Poll.UntilAsync(() => server.Manager.Sessions.Single().IncompleteFor > TimeSpan.Zero || Advanced(server));
            server.Time.Advance(TimeSpan.FromSeconds(50));
            (await wallet.ExchangeAsync("\"method\":\"server.ping\"}")).ShouldBe("""{"jsonrpc":"2.0","id":7,"result":null}""");
        }

        server.Log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wallet_that_takes_a_byte_a_second_is_sent_away()
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect(windowBytes: 4_096);
        TestWallet other = server.Connect();
        await other.ExpectSilenceAsync();
        for (int id = 0; id < 50; id++)
            await wallet.SendLineAsync($$"""{"id":{{id}},"method":"blockchain.block.headers","params":[0,100]}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Output.StalledFor > TimeSpan.Zero || Advanced(server)));
        for (int second = 0; second < 70; second++)
        {
            await wallet.ReadByteAsync();
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Poll.UntilAsync(() => server.Log.Lines.Any(line => line.Contains("reason=slow-reader")));
        server.Log.Errors.Single().ShouldContain("limit=slow_reader_timeout");
        await other.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_slow_line_that_takes_its_replies_steadily_is_given_all_the_time_it_needs()
    {
        await using var server = new TestSessions(new ScriptedChain(height: 2_100));
        TestWallet wallet = server.Connect(windowBytes: 4_096);
        const int Requests = 6;
        await wallet.SendLineAsync($"[{string.Join(',', Enumerable.Range(0, Requests).Select(id => $$"""{"id":{{id}},"method":"blockchain.block.headers","params":[0,2016]}"""))}]");
        // Two megabytes with 3 kB a second: more than ten minutes.
        long taken = 0;
        while (await wallet.ReadSomeAsync(3_000) is { } bytes and > 0)
        {
            taken += bytes;
            server.Time.Advance(TimeSpan.FromSeconds(bytes / 3_000.0));
            if (taken > Requests * 322_000) break;
        }

        taken.ShouldBeGreaterThan(Requests * 322_000);
        (await wallet.ReadLineAsync()).ShouldNotBeNull().ShouldEndWith("}]");
        server.Log.Errors.ShouldBeEmpty();
        server.Manager.Count.ShouldBe(1);
    }

    /// <summary>A clock that stands still shows nothing; a little is no harm.</summary>
    private static bool Advanced(TestSessions server)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        return false;
    }

    private static TestSessions Start(bool isDryRun = false) =>
        new(change: options => options with { Admission = new AdmissionLimits { DryRun = isDryRun } });
}
