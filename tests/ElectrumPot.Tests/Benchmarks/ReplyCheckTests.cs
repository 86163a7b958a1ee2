// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Benchmarks;

/// <summary>A benchmark that takes wrong answers for right ones would praise a broken server.</summary>
public sealed class ReplyCheckTests
{
    private static readonly Hash256 Script = Named(1);
    private static readonly Hash256 OtherScript = Named(2);
    private static readonly Hash256 First = Named(11);
    private static readonly Hash256 Second = Named(12);
    private static readonly Hash256 Third = Named(13);

    /// <summary>Block 1 has the first two transactions, block 2 the third; the script is touched by the first and the third.</summary>
    private static readonly ChainFacts Facts = new(
        CoinRegistry.BuiltIn.Get("potcoin"),
        Height: 2,
        [new ScriptFact(Script, 2), new ScriptFact(OtherScript, 1)],
        [new TransactionFact(First, 1, 0), new TransactionFact(Second, 1, 1), new TransactionFact(Third, 2, 0)],
        [Hash256.Zero, Sha256d.HashPair(First, Second), Third],
        ScriptStates.Make(
            new Dictionary<Hash256, int> { [Script] = 0, [OtherScript] = 1 }, [2, 1], [(0, 0), (1, 1), (0, 2)], balances: [700, 5], unspent: [1, 1]));

    public static TheoryData<string, bool> Histories => new()
    {
        { History((First, 1), (Third, 2)), true },
        { History((Third, 2), (First, 1)), false },
        { History((First, 1)), false },
        { History((First, 1), (Third, 3)), false },
        { History((First, 1), (Second, 2)), false },
        { History((First, 1), (Third, 2), (Second, 3)), false },
        { "[]", false },
        { "null", false },
        { "[{}]", false },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_history_is_that_of_the_blocks(string reply, bool isRight) =>
        Examine(new Expectation(RequestKind.GetHistory, Script), reply).ShouldBe(isRight);

    [Fact]
    public void A_history_may_have_grown_where_blocks_arrive_and_may_be_short_where_it_is_pruned()
    {
        var asked = new Expectation(RequestKind.GetHistory, Script);
        Examine(asked, History((First, 1), (Third, 2), (Second, 3)), mayGrow: true).ShouldBeTrue();
        Examine(asked, History((First, 1)), mayGrow: true).ShouldBeFalse();
        Examine(asked, History((Third, 2)), isPruned: true).ShouldBeTrue();
        Examine(asked, "[]", isPruned: true).ShouldBeFalse();
    }

    [Fact]
    public void A_status_is_the_hash_of_the_history()
    {
        string right = Convert.ToHexStringLower(StatusHash.Compute([new HistoryEntry(First, 1), new HistoryEntry(Third, 2)])!.Value.Bytes);
        string wrong = Convert.ToHexStringLower(StatusHash.Compute([new HistoryEntry(First, 1)])!.Value.Bytes);
        Examine(new Expectation(RequestKind.Subscribe, Script), $"\"{right}\"").ShouldBeTrue();
        Examine(new Expectation(RequestKind.Subscribe, Script), $"\"{wrong}\"").ShouldBeFalse();
        Examine(new Expectation(RequestKind.Subscribe, Script), "null").ShouldBeFalse();
    }

    [Fact]
    public void Balance_and_unspent_outputs_are_those_of_the_blocks()
    {
        Examine(new Expectation(RequestKind.GetBalance, Script), """{"confirmed":700,"unconfirmed":0}""").ShouldBeTrue();
        Examine(new Expectation(RequestKind.GetBalance, OtherScript), """{"confirmed":700,"unconfirmed":0}""").ShouldBeFalse();
        Examine(new Expectation(RequestKind.ListUnspent, Script), "[{}]").ShouldBeTrue();
        Examine(new Expectation(RequestKind.ListUnspent, Script), "[]").ShouldBeFalse();
    }

    [Fact]
    public void A_branch_leads_to_the_root_of_the_header()
    {
        var asked = new Expectation(RequestKind.GetMerkle, Second, Height: 1, Number: 1);
        Examine(asked, $$"""{"block_height":1,"merkle":["{{First}}"],"pos":1}""").ShouldBeTrue();
        Examine(asked, $$"""{"block_height":1,"merkle":["{{First}}"],"pos":0}""").ShouldBeFalse();
        Examine(asked, $$"""{"block_height":1,"merkle":["{{Third}}"],"pos":1}""").ShouldBeFalse();
        Examine(asked, """{"block_height":1,"merkle":[],"pos":1}""").ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_answer_at_all_is_wrong()
    {
        Examine(new Expectation(RequestKind.Ping), "null").ShouldBeTrue();
        Examine(new Expectation(RequestKind.Ping), "1").ShouldBeFalse();
        Examine(new Expectation(RequestKind.Header, Height: 1), "\"00\"").ShouldBeFalse();
        Examine(new Expectation(RequestKind.Transaction, First), "\"zz\"").ShouldBeFalse();
        Examine(new Expectation(RequestKind.HeadersSubscribe), """{"height":1}""").ShouldBeFalse();
        Examine(new Expectation(RequestKind.HeadersSubscribe), """{"height":2}""").ShouldBeTrue();
        Examine(new Expectation(RequestKind.GetHistory, Script), "[").ShouldBeFalse();
    }

    private static bool Examine(Expectation asked, string reply, bool isPruned = false, bool mayGrow = false) =>
        new ReplyCheck(Facts, isPruned, mayGrow).Examine(asked, Encoding.UTF8.GetBytes(reply)) is null;

    private static string History(params (Hash256 Txid, int Height)[] entries) =>
        $"[{string.Join(',', entries.Select(entry => $$"""{"tx_hash":"{{entry.Txid}}","height":{{entry.Height}}}"""))}]";

    private static Hash256 Named(byte name) => new([.. Enumerable.Repeat(name, Hash256.Size)]);
}
