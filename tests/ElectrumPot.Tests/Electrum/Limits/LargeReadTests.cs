// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>Long histories are read by a few sessions at a time.</summary>
public sealed class LargeReadTests
{
    private const int Long = LargeReads.FreeEntries + 1;

    private static readonly Hash256 BusyScript = ScriptedChain.Hash(900_001);
    private static readonly Hash256 QuietScript = ScriptedChain.Hash(900_002);

    [Fact]
    public async Task A_long_history_comes_whole_alone_and_in_a_batch()
    {
        await using TestSessions server = Start();
        TestWallet wallet = server.Connect();
        (await wallet.CallAsync("blockchain.scripthash.get_history", $"[\"{BusyScript}\"]")).GetProperty("result").GetArrayLength().ShouldBe(Long);
        (await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{BusyScript}\"]")).Length.ShouldBe(66);
        await wallet.SendLineAsync($$"""[{"id":1,"method":"blockchain.scripthash.get_history","params":["{{QuietScript}}"]},{"id":2,"method":"blockchain.scripthash.get_history","params":["{{BusyScript}}"]}]""");
        (await wallet.ReadAsync()).EnumerateArray().Select(reply => reply.GetProperty("result").GetArrayLength()).ShouldBe([1, Long]);
        server.LargeReads.Running.ShouldBe(0);
        server.Manager.Sessions.Single().Requests.ShouldBe(4);
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
    }

    [Fact]
    public async Task With_all_places_taken_a_session_waits_and_the_others_do_not()
    {
        await using TestSessions server = Start();
        await server.LargeReads.EnterAsync(TestContext.Current.CancellationToken);
        TestWallet waiting = server.Connect();
        TestWallet other = server.Connect();
        await waiting.SendLineAsync($$"""{"id":1,"method":"blockchain.scripthash.get_history","params":["{{BusyScript}}"]}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 1));
        (await other.CallAsync("blockchain.scripthash.get_history", $"[\"{QuietScript}\"]")).GetProperty("result").GetArrayLength().ShouldBe(1);
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
        server.LargeReads.Leave();
        (await waiting.ReadAsync()).GetProperty("result").GetArrayLength().ShouldBe(Long);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("[{0}]")]
    public async Task For_a_session_that_is_gone_when_its_turn_comes_nothing_is_read(string message)
    {
        await using TestSessions server = Start();
        await server.LargeReads.EnterAsync(TestContext.Current.CancellationToken);
        TestWallet wallet = server.Connect();
        string request = $$"""{"id":1,"method":"blockchain.scripthash.get_history","params":["{{BusyScript}}"]}""";
        await wallet.SendLineAsync(message.Replace("{0}", request, StringComparison.Ordinal));
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 1) && server.Chain.Leased == 0);
        server.Manager.Sessions.Single().Output.Close();
        // Reading it now would fail, and be reported.
        server.Chain.Change(state => state.Histories[HashX.OfScriptHash(BusyScript)] = null!);
        server.LargeReads.Leave();
        await wallet.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 0 && server.LargeReads.Running == 0);
        server.Chain.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_history_over_the_limit_stays_an_error_and_gives_its_place_back()
    {
        await using TestSessions server = Start(maxHistory: Long - 1 + 0);
        TestWallet wallet = server.Connect();
        (await wallet.ErrorAsync("blockchain.scripthash.get_history", $"[\"{BusyScript}\"]")).Message.ShouldBe("history too large");
        (await wallet.ErrorAsync("blockchain.scripthash.subscribe", $"[\"{BusyScript}\"]")).Message.ShouldBe("history too large");
        server.LargeReads.Running.ShouldBe(0);
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("blockchain.block.header", "[7,12]")]
    [InlineData("blockchain.block.headers", "[0,8,12]")]
    public async Task A_proof_of_headers_waits_for_a_place_when_the_tree_has_to_be_built(string method, string arguments)
    {
        await using TestSessions server = Start();
        server.Chain.Change(state => state.HeadersToRead = Long);
        await server.LargeReads.EnterAsync(TestContext.Current.CancellationToken);
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync($$"""{"id":1,"method":"{{method}}","params":{{arguments}}}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 1));
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
        server.LargeReads.Leave();
        (await wallet.ReadAsync()).GetProperty("result").GetProperty("branch").GetArrayLength().ShouldBe(4);
        server.LargeReads.Running.ShouldBe(0);
    }

    [Theory]
    [InlineData("blockchain.scripthash.get_balance", "[\"SCRIPT\"]")]
    [InlineData("blockchain.scripthash.get_first_use", "[\"SCRIPT\"]")]
    [InlineData("blockchain.outpoint.get_status", "[\"SCRIPT\",0,\"51\"]")]
    [InlineData("blockchain.outpoint.subscribe", "[\"SCRIPT\",0,\"51\"]")]
    public async Task Whatever_reads_many_rows_waits_for_a_place(string method, string arguments)
    {
        await using TestSessions server = Start();
        server.Chain.Change(state =>
        {
            state.SpendsToRead = Long;
            state.Unspent[HashX.OfScriptHash(BusyScript)] = [.. Enumerable.Range(0, Long).Select(i => new UnspentOutput(ScriptedChain.Hash(i), 0, 5, 1))];
        });
        await server.LargeReads.EnterAsync(TestContext.Current.CancellationToken);
        TestWallet wallet = server.Connect();
        await wallet.SendLineAsync($$"""{"id":1,"method":"{{method}}","params":{{arguments.Replace("SCRIPT", BusyScript.ToString())}}}""");
        await Poll.UntilAsync(() => server.Manager.Sessions.Any(session => session.Requests == 1));
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
        server.LargeReads.Leave();
        (await wallet.ReadAsync()).TryGetProperty("result", out _).ShouldBeTrue();
        server.Manager.Sessions.Single().Subscriptions.ShouldBe(method.EndsWith("subscribe", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public async Task An_output_with_too_many_spends_to_look_through_is_not_watched()
    {
        await using TestSessions server = Start(maxHistory: Long);
        server.Chain.Change(state => state.SpendsToRead = Long + 1);
        (await server.Connect().ErrorAsync("blockchain.outpoint.subscribe", $"[\"{BusyScript}\",0,\"51\"]")).Message.ShouldBe("history too large");
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    [Fact]
    public async Task No_more_than_the_places_are_taken()
    {
        var reads = new LargeReads(2);
        await reads.EnterAsync(TestContext.Current.CancellationToken);
        await reads.EnterAsync(TestContext.Current.CancellationToken);
        Task third = reads.EnterAsync(TestContext.Current.CancellationToken).AsTask();
        third.IsCompleted.ShouldBeFalse();
        reads.Leave();
        await third;
        reads.Running.ShouldBe(2);
        LargeReads.Of(0).Max.ShouldBe(Math.Max(1, Environment.ProcessorCount / 2));
    }

    private static TestSessions Start(int maxHistory = 80_000)
    {
        var chain = new ScriptedChain();
        chain.Change(state =>
        {
            for (int i = 0; i < Long; i++)
                state.Add(HashX.OfScriptHash(BusyScript), new HistoryEntry(ScriptedChain.Hash(i), 1 + (i / 100)));
            state.Add(HashX.OfScriptHash(QuietScript), new HistoryEntry(ScriptedChain.Hash(1), 7));
        });
        return new TestSessions(chain, options => options with
        {
            Limits = new SessionLimits { MaxHistoryEntries = maxHistory },
            Rates = new RateLimits { MaxLargeReads = 1 },
        });
    }
}
