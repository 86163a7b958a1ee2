// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transcripts;

/// <summary>The conversations of Electrum 3.3 to 4.8 (protocol, "Electrum 4.3.4" and "Electrum 4.8.1").</summary>
public sealed class ModernElectrumTests
{
    private const int Chunk = 2016;

    [Theory]
    [InlineData("electrum/3.3.8", 0)]
    [InlineData("electrum/4.3.4", 0)]
    [InlineData("electrum/4.6.0", 900)]
    public async Task Electrum_3_3_to_4_6_starts_synchronises_and_follows_the_chain(string client, int padding)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern with { Padding = padding });
        Shape.ShouldFit(await wallet.CallAsync("server.version", $"[\"{client}\",\"1.4\"]"), "[str,\"1.4\"]");
        await StartAsync(wallet, [25, 10, 5, 2], "blockchain.relayfee");
        await SynchroniseAsync(server, wallet, isList: false);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    public async Task Electrum_4_8_starts_synchronises_and_follows_the_chain(int padding)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern with { Padding = padding });
        Shape.ShouldFit(await wallet.CallAsync("server.version", """["electrum/4.8.1",["1.4","1.6"]]"""), "[str,\"1.6\"]");
        JsonElement features = await wallet.CallAsync("server.features");
        features.GetProperty("genesis_hash").GetString().ShouldBe("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec");
        await StartAsync(wallet, [1008, 144, 25, 10, 5, 2], "mempool.get_info");
        await SynchroniseAsync(server, wallet, isList: true);
    }

    [Fact]
    public async Task A_connection_on_the_side_of_4_8_asks_for_headers_fees_and_pings_only()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
        await wallet.CallAsync("server.version", """["electrum/4.8.1",["1.4","1.6"]]""");
        await wallet.CallAsync("server.features");
        ClientChecks.RawHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
        for (int i = 0; i < 30; i++)
        {
            if (i % 3 == 0) ClientChecks.Estimate(await wallet.CallAsync("blockchain.estimatefee", "[2]"));
            Shape.ShouldFit(await wallet.CallAsync("server.ping"), "null");
            // Pings come at random distances below five minutes, and that keeps the connection.
            server.Time.Advance(TimeSpan.FromSeconds((i * 67 % 300) + 1));
        }

        server.Chain.Publish(state => state.AddBlock());
        ClientChecks.RawHeader((await wallet.NotificationAsync("blockchain.headers.subscribe"))[0]).Height.ShouldBe(ConformanceChain.Tip + 1);
    }

    [Fact]
    public async Task A_refused_payment_is_an_error_that_keeps_the_connection_and_an_accepted_one_is_its_own_txid()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        foreach (string version in (string[])["\"1.4\"", "[\"1.4\",\"1.6\"]"])
        {
            var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
            await wallet.CallAsync("server.version", $"[\"electrum/4.8.1\",{version}]");
            Shape.ShouldFit(await wallet.CallAsync("blockchain.transaction.broadcast", ConformanceServer.Fill("[\"$rawnew\"]")), ConformanceServer.Fill("\"$new\""));
            (int code, string message) = await wallet.ErrorAsync("blockchain.transaction.broadcast", "[\"00\"]");
            code.ShouldBe(1);
            message.ShouldContain("TX decode failed");
            await wallet.CallAsync("server.ping");
        }
    }

    [Fact]
    public async Task Headers_far_from_the_tip_are_fetched_ten_requests_at_a_time()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
        await wallet.CallAsync("server.version", """["electrum/4.8.1",["1.4","1.6"]]""");
        int[] ids = await wallet.SendTogetherAsync(Enumerable.Range(0, 10).Select(i => ("blockchain.block.headers", $"[{i * 200},200]")));
        List<byte[]> headers = [];
        for (int i = 0; i < ids.Length; i++)
            headers.AddRange(ClientChecks.Headers(await wallet.ResultAsync(ids[i]), i * 200, 200, isList: true, ConformanceChain.Tip));
        ClientChecks.Connects(headers);
        headers.Count.ShouldBe(2000);
    }

    [Fact]
    public async Task After_a_reorganisation_4_x_walks_back_with_doubling_steps_until_it_knows_a_header()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Modern);
        await wallet.CallAsync("server.version", """["electrum/4.3.4","1.4"]""");
        ClientChecks.RawHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
        server.Chain.Publish(state =>
        {
            for (int i = 0; i < 20; i++) state.RemoveBlock();
            for (int i = 0; i < 21; i++) state.AddBlock(branch: 5);
        });
        (int height, byte[] tip) = ClientChecks.RawHeader((await wallet.NotificationAsync("blockchain.headers.subscribe"))[0]);
        height.ShouldBe(ConformanceChain.Tip + 1);

        int known = height;
        for (int step = 1; !IsKnown(known, tip); step *= 2)
        {
            known -= step;
            tip = Convert.FromHexString((await wallet.CallAsync("blockchain.block.header", $"[{known}]")).GetString()!);
        }

        List<byte[]> branch = ClientChecks.Headers(await wallet.CallAsync("blockchain.block.headers", $"[{known},{Chunk}]"), known, Chunk, isList: false, height);
        branch[0].ShouldBe(ConformanceChain.Headers[known]);
        branch.Count.ShouldBe(height - known + 1);
    }

    private static bool IsKnown(int height, byte[] header) => height < ConformanceChain.Headers.Count && header.AsSpan().SequenceEqual(ConformanceChain.Headers[height]);

    /// <summary>What every connection to the main server begins with.</summary>
    private static async Task StartAsync(ReplayedWallet wallet, int[] targets, string feeMethod)
    {
        (int height, byte[] header) = ClientChecks.RawHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
        height.ShouldBe(ConformanceChain.Tip);
        header.ShouldBe(ConformanceChain.Headers[height]);
        (string, string)[] rest =
        [
            .. targets.Select(target => ("blockchain.estimatefee", $"[{target}]")),
            ("server.banner", "[]"), ("server.donation_address", "[]"), ("server.peers.subscribe", "[]"), (feeMethod, "[]"), ("mempool.get_fee_histogram", "[]"),
        ];
        int[] ids = await wallet.SendTogetherAsync(rest);
        for (int i = 0; i < targets.Length; i++)
            ClientChecks.Estimate(await wallet.ResultAsync(ids[i]));
        Shape.ShouldFit(await wallet.ResultAsync(ids[^5]), "str");
        Shape.ShouldFit(await wallet.ResultAsync(ids[^4]), "str");
        ClientChecks.Peers(await wallet.ResultAsync(ids[^3]));
        Shape.ShouldFit(await wallet.ResultAsync(ids[^2]), "coin|{minrelaytxfee:coin,*:any}");
        ClientChecks.Histogram(await wallet.ResultAsync(ids[^1]));
    }

    /// <summary>Headers, thirty scripts, one with transactions; then a block that pays it once more.</summary>
    private static async Task SynchroniseAsync(TestSessions server, ReplayedWallet wallet, bool isList)
    {
        List<byte[]> headers = [];
        while (headers.Count <= ConformanceChain.Tip)
            headers.AddRange(ClientChecks.Headers(await wallet.CallAsync("blockchain.block.headers", $"[{headers.Count},{Chunk}]"), headers.Count, Chunk, isList, ConformanceChain.Tip));
        ClientChecks.Connects(headers);

        string[] scripts = [.. Enumerable.Range(0, 29).Select(i => ScriptedChain.Hash(i).ToString()), ConformanceChain.ScriptHash];
        int[] ids = await wallet.SendTogetherAsync(scripts.Select(script => ("blockchain.scripthash.subscribe", $"[\"{script}\"]")));
        foreach (int id in ids[..^1])
            ClientChecks.Status(await wallet.ResultAsync(id)).ShouldBeNull();
        await CheckHistoryAsync(wallet, ClientChecks.Status(await wallet.ResultAsync(ids[^1])), headers, isList);

        // A block confirms what was pending.
        HistoryEntry[] confirmed = [.. ConformanceChain.History.Select(entry => entry.IsConfirmed ? entry : new HistoryEntry(entry.Txid, ConformanceChain.Tip + 1))];
        HashX touched = HashX.OfScript(Convert.FromHexString(ConformanceChain.Script));
        server.Chain.Publish(state => Confirm(state, touched, confirmed), touched);
        (int height, byte[] header) = ClientChecks.RawHeader((await wallet.NotificationAsync("blockchain.headers.subscribe"))[0]);
        height.ShouldBe(headers.Count);
        ClientChecks.Connects(header, headers[^1]);
        headers.Add(header);
        JsonElement told = await wallet.NotificationAsync("blockchain.scripthash.subscribe");
        told[0].GetString().ShouldBe(ConformanceChain.ScriptHash);
        await CheckHistoryAsync(wallet, ClientChecks.Status(told[1]), headers, isList);
        await wallet.CallAsync("server.ping");
        wallet.Notifications.ShouldBeEmpty();
    }

    private static void Confirm(ScriptedState state, HashX script, HistoryEntry[] history)
    {
        string[] txids = [ScriptedChain.Hash(state.Height + 1).ToString(), .. history.Where(entry => entry.Height > 8).Select(entry => entry.Txid.ToString())];
        state.AddBlock();
        byte[] header = state.Headers[^1];
        Convert.FromHexString(ConformanceChain.Prove(txids, 0).Root).Reverse().ToArray().CopyTo(header, 36);
        for (int i = 0; i < txids.Length; i++)
            state.Txids[(state.Height, i)] = Hash256.Parse(txids[i]);
        state.Histories[script] = [.. history];
    }

    private static async Task CheckHistoryAsync(ReplayedWallet wallet, string? status, List<byte[]> headers, bool isOrdered)
    {
        (string Txid, int Height)[] history = ClientChecks.History(
            await wallet.CallAsync("blockchain.scripthash.get_history", $"[\"{ConformanceChain.ScriptHash}\"]"), status, isOrdered);
        history.Length.ShouldBe(ConformanceChain.History.Count);
        foreach ((string txid, int height) in history)
        {
            ClientChecks.Transaction(await wallet.CallAsync("blockchain.transaction.get", $"[\"{txid}\"]"), txid);
            if (height > 0)
                ClientChecks.Merkle(await wallet.CallAsync("blockchain.transaction.get_merkle", $"[\"{txid}\",{height}]"), txid, height, headers[height]);
        }
    }
}
