// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>Every kind of notification in every version that has it, and the order in which a block brings them.</summary>
public sealed class NotificationShapeTests
{
    private const string Dictionary =
        "[{block_height:101,version:3,prev_block_hash:hash,merkle_root:hash,timestamp:1400004040,bits:504365055,nonce:0,utxo_root?:hash}]";

    private const string Raw = "[{hex:header,height:101}]";

    private static readonly HistoryEntry Funding = new(ScriptedChain.Hash(7), 101);

    private static readonly string Status = ConformanceChain.StatusOf((ScriptedChain.Hash(7).ToString(), 101));

    private static readonly (string Method, string Columns, string Args, string Sign, string Params)[] Kinds =
    [
        //                                  .8 .9 10 1.0 .1 .2 .3 .4 4.1  2  3 .5 .6 .7
        ("blockchain.numblocks.subscribe",  "Y Y Y Y - - - - - - - - - -", "[]", "Y", "[101]"),
        ("blockchain.headers.subscribe",    "g g g g g h i j j j j j j j", "[]", "gh", Dictionary),
        ("blockchain.headers.subscribe",    "g g g g g h i j j j j j j j", "[false]", "hi", Dictionary),
        ("blockchain.headers.subscribe",    "g g g g g h i j j j j j j j", "[true]", "hi", Raw),
        ("blockchain.headers.subscribe",    "g g g g g h i j j j j j j j", "[]", "ij", Raw),
        ("blockchain.address.subscribe",    "Y Y Y Y Y Y - - - - - - - -", "[\"$address\"]", "Y", "[\"$address\",\"$changed\"]"),
        ("blockchain.scripthash.subscribe", "- - - - Y Y Y Y Y Y Y Y Y -", "[\"$scripthash\"]", "Y", "[\"$scripthash\",\"$changed\"]"),
        ("blockchain.scripthash.subscribe", "- - - - Y Y Y Y Y Y Y Y Y -", "[\"$SCRIPTHASH\"]", "Y", "[\"$SCRIPTHASH\",\"$changed\"]"),
        ("blockchain.scriptpubkey.subscribe", "- - - - - - - - - - - - - Y", "[\"$script\"]", "Y", "[\"$script\"|\"$scripthash\",\"$changed\"]"),
        ("blockchain.transaction.subscribe", "Y Y Y Y Y Y Y Y Y Y Y Y Y Y", "[\"$funding\"]", "Y", "[\"$funding\",101]"),
        ("blockchain.outpoint.subscribe",   "- - - - - - - - - - - - - Y", "[\"$funding\",0,\"$script\"]", "Y", "[\"$funding\",0,{funder_height:101}]"),
    ];

    public static TheoryData<string, string, string> Everywhere() =>
    [
        .. from kind in Kinds
           from version in VersionMatrix.Versions
           where kind.Sign.Contains(kind.Columns.Split(' ')[VersionMatrix.IndexOf(version)])
           select new TheoryDataRow<string, string, string>(kind.Method, kind.Args, version),
    ];

    public static TheoryData<string> Versions => [.. VersionMatrix.Versions];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_change_is_told_in_the_shape_of_the_version_and_only_once(string method, string args, string version)
    {
        string sign = Kinds.First(kind => kind.Method == method).Columns.Split(' ')[VersionMatrix.IndexOf(version)];
        string shape = Kinds.Single(kind => kind.Method == method && kind.Args == args && kind.Sign.Contains(sign)).Params;
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        await wallet.ResultAsync(method, Fill(args));

        Publish(server);

        Shape.ShouldFit(StrictReply.Notification(await wallet.ReadLineAsync(), method), Fill(shape));
        await wallet.ExpectSilenceAsync();
        server.Chain.Announce(tipChanged: false, Vectors.P2Pkh);
        await SettleAsync(server);
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_height_comes_before_the_header_and_the_header_before_the_status(string version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        await wallet.ResultAsync("blockchain.address.subscribe", Fill("[\"$address\"]"));
        await wallet.ResultAsync("blockchain.headers.subscribe");
        await wallet.ResultAsync("blockchain.numblocks.subscribe");

        Publish(server);

        StrictReply.Notification(await wallet.ReadLineAsync(), "blockchain.numblocks.subscribe");
        StrictReply.Notification(await wallet.ReadLineAsync(), "blockchain.headers.subscribe");
        StrictReply.Notification(await wallet.ReadLineAsync(), "blockchain.address.subscribe");
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Nobody_is_told_what_it_did_not_ask_for(string version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        await wallet.ResultAsync("blockchain.scripthash.get_history", Fill("[\"$scripthash\"]"));
        await wallet.ResultAsync("blockchain.address.get_balance", Fill("[\"$address\"]"));
        await wallet.ResultAsync("blockchain.block.headers", "[0,5]");
        await wallet.ResultAsync("server.peers.subscribe");
        await wallet.ResultAsync("blockchain.scripthash.subscribe", Fill("[\"$scripthash\"]"));
        await wallet.ResultAsync("blockchain.scripthash.unsubscribe", Fill("[\"$scripthash\"]"));
        Publish(server);
        await SettleAsync(server);
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_a_reorganisation_a_header_of_equal_or_lower_height_is_told(string version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        await wallet.ResultAsync("blockchain.headers.subscribe");
        server.Chain.Publish(state =>
        {
            state.RemoveBlock();
            state.RemoveBlock();
            state.AddBlock(branch: 9);
        });
        string? line = await wallet.ReadLineAsync();
        Shape.ShouldFit(StrictReply.Notification(line, "blockchain.headers.subscribe"), "[{block_height:99,*:any}|{hex:header,height:99}]");
    }

    private static void Publish(TestSessions server) => server.Chain.Publish(
        state =>
        {
            state.AddBlock();
            state.Add(Vectors.P2Pkh, Funding);
            state.Unspent[Vectors.P2Pkh] = [new UnspentOutput(Funding.Txid, 0, 101, 5000)];
            state.Txids[(101, 0)] = Funding.Txid;
            state.Outpoints[new OutPoint(Funding.Txid, 0)] = new OutpointStatus(101);
        },
        Vectors.P2Pkh, HashX.OfTxid(Funding.Txid));

    /// <summary>All updates so far have been looked at.</summary>
    private static async Task SettleAsync(TestSessions server)
    {
        TestWallet marker = server.Connect();
        await marker.ResultAsync("blockchain.scripthash.subscribe", $"[\"{Vectors.P2PkScriptHash}\"]");
        server.Chain.Publish(state => state.Add(Vectors.P2Pk, new HistoryEntry(ScriptedChain.Hash(8), 0, 1)), Vectors.P2Pk);
        await marker.ReadLineAsync();
    }

    private static string Fill(string text) => ConformanceServer.Fill(text
        .Replace("$SCRIPTHASH", ConformanceChain.ScriptHash.ToUpperInvariant(), StringComparison.Ordinal)
        .Replace("$changed", Status, StringComparison.Ordinal)
        .Replace("$funding", Funding.Txid.ToString(), StringComparison.Ordinal));
}
