// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>What waits for all wallets together.</summary>
public sealed class PendingOutputTests
{
    /// <summary>1.9 MB of headers in one reply.</summary>
    private static readonly string LongBatch =
        $"[{string.Join(',', Enumerable.Range(0, 6).Select(id => $$"""{"id":{{id}},"method":"blockchain.block.headers","params":[0,2016]}"""))}]";

    [Fact]
    public async Task Beyond_the_total_a_long_reply_is_the_end_and_a_short_one_is_not()
    {
        await using TestSessions server = Start(maxInAll: 3_000_000);
        TestWallet first = await LeaveWaitingAsync(server);
        TestWallet second = server.Connect(windowBytes: 4_096, address: "192.0.2.2");
        await second.SendLineAsync(LongBatch);
        await Poll.UntilAsync(() => server.Log.Lines.Any(line => line.Contains("reason=slow-reader")));
        server.Log.Errors.Single().ShouldContain("limit=max_pending_in_all_mb peer=192.0.2.2:40000 address=192.0.2.2 value=4 allowed=3 action=closed");

        TestWallet third = server.Connect(address: "192.0.2.3");
        (await third.ResultAsync("blockchain.block.headers", "[0,700]")).Length.ShouldBeGreaterThan(700 * 160);
        (await first.ReadLineAsync()).ShouldNotBeNull().ShouldEndWith("}]");
        await Poll.UntilAsync(() => server.Admission.PendingOutput.Taken == 0);
    }

    [Fact]
    public async Task Whoever_goes_gives_back_what_waited()
    {
        await using TestSessions server = Start(maxInAll: 512_000_000);
        await LeaveWaitingAsync(server);
        server.Admission.PendingOutput.Taken.ShouldBeGreaterThan(1_700_000);
        server.Manager.AbortAll("test");
        await Poll.UntilAsync(() => server.Manager.Count == 0);
        server.Admission.PendingOutput.Taken.ShouldBe(0);
    }

    /// <summary>So that those who read slowly on purpose do not leave the long replies of others without room.</summary>
    [Theory]
    [InlineData(2_400_000, true)]
    [InlineData(3_000_000, false)]
    public async Task With_little_room_left_those_who_do_not_read_go_first(int maxInAll, bool goes)
    {
        await using TestSessions server = Start(maxInAll);
        await LeaveWaitingAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(9));
        server.Manager.Count.ShouldBe(1);
        server.Time.Advance(TimeSpan.FromSeconds(3));
        if (goes) await Poll.UntilAsync(() => server.Manager.Count == 0 && server.Admission.PendingOutput.Taken == 0);
        else await server.Connect().ExpectSilenceAsync();
        server.Log.Errors.Count(line => line.Contains("limit=max_pending_in_all_mb")).ShouldBe(goes ? 1 : 0);
        server.Manager.AbortAll("test");
    }

    private static async Task<TestWallet> LeaveWaitingAsync(TestSessions server)
    {
        TestWallet wallet = server.Connect(windowBytes: 4_096, address: "192.0.2.1");
        await wallet.SendLineAsync(LongBatch);
        await Poll.UntilAsync(() =>
        {
            // A clock that stands still shows no waiting.
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
            return server.Manager.Sessions.Any(session => session.Output.Kept > SessionOutput.FreeBytes && session.Output.StalledFor > TimeSpan.Zero);
        });
        return wallet;
    }

    private static TestSessions Start(int maxInAll) =>
        new(new ScriptedChain(height: 2_100), options => options with { Admission = new AdmissionLimits { MaxPendingOutputInAll = maxInAll } });
}
