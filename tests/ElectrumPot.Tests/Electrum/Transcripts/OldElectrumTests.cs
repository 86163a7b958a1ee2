// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transcripts;

/// <summary>The conversations of Electrum-POT 1.9.8.1 and of Electrum 2.x to 3.2.</summary>
public sealed class OldElectrumTests
{
    private static readonly HashX Script = HashX.OfScript(Convert.FromHexString(ConformanceChain.Script));

    [Fact]
    public async Task Electrum_POT_1_9_8_1_sends_all_addresses_at_once_and_follows_its_chain_by_single_headers()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Legacy);
        int[] start = await wallet.SendTogetherAsync([("server.version", """["1.9.8.1","0.9"]"""), ("blockchain.headers.subscribe", "[]"), ("server.banner", "[]"), ("server.peers.subscribe", "[]")]);
        double.Parse((await wallet.ResultAsync(start[0])).GetString()!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(0.9);
        (int height, byte[] tip) = ClientChecks.DictionaryHeader(await wallet.ResultAsync(start[1]));
        Shape.ShouldFit(await wallet.ResultAsync(start[2]), "str");
        Peers(await wallet.ResultAsync(start[3]));

        // More than 50 headers are missing: chunks, up to the one of the height after the tip.
        List<byte[]> headers = [];
        for (int i = 0; i <= (height + 1) / 2016; i++)
            headers.AddRange(ClientChecks.Split((await wallet.CallAsync("blockchain.block.get_chunk", $"[{i}]")).GetString()!));
        ClientChecks.Connects(headers);
        headers[^1].ShouldBe(tip);

        int[] addresses = await wallet.SendTogetherAsync([("blockchain.address.subscribe", ConformanceServer.Fill("[\"$unusedaddress\"]")), ("blockchain.address.subscribe", ConformanceServer.Fill("[\"$address\"]"))]);
        ClientChecks.Status(await wallet.ResultAsync(addresses[0])).ShouldBeNull();
        await CheckHistoryAsync(wallet, "blockchain.address", ConformanceServer.Fill("$address"), ClientChecks.Status(await wallet.ResultAsync(addresses[1])), headers, sendsHeight: true);

        // Fewer than 50 are missing: single headers backwards.
        server.Chain.Publish(state =>
        {
            for (int i = 0; i < 3; i++) state.AddBlock();
        });
        (int next, byte[] newest) = ClientChecks.DictionaryHeader((await wallet.NotificationAsync("blockchain.headers.subscribe"))[0]);
        for (; next > height + 1; next--)
        {
            byte[] before = ClientChecks.DictionaryHeader(await wallet.CallAsync("blockchain.block.get_header", $"[{next - 1}]")).Header;
            ClientChecks.Connects(newest, before);
            newest = before;
        }

        ClientChecks.Connects(newest, headers[^1]);
        for (int i = 0; i < 3; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(60));
            Shape.ShouldFit(await wallet.CallAsync("server.version", """["1.9.8.1","0.9"]"""), "\"0.9\"");
        }
    }

    [Fact]
    public async Task Electrum_POT_1_9_8_1_takes_the_result_of_a_payment_for_a_text_whatever_became_of_it()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Legacy);
        await wallet.CallAsync("server.version", """["1.9.8.1","0.9"]""");
        Shape.ShouldFit(await wallet.CallAsync("blockchain.transaction.broadcast", ConformanceServer.Fill("[\"$rawnew\"]")), ConformanceServer.Fill("\"$new\""));
        foreach (string args in (string[])["[\"00\"]", "[\"zz\"]", "[\"\"]"])
            Shape.ShouldFit(await wallet.CallAsync("blockchain.transaction.broadcast", args), "str");
    }

    [Theory]
    [InlineData("2.0", "0.9", "[]", "address")]
    [InlineData("2.9.0", "0.10", "[]", "address")]
    [InlineData("3.0", "1.1", "[]", "scripthash")]
    [InlineData("3.1.0", "1.2", "[]", "scripthash")]
    [InlineData("3.2.0", "1.2", "[true]", "scripthash")]
    public async Task Electrum_2_to_3_2_subscribes_to_headers_before_it_says_its_version(string client, string version, string raw, string family)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Legacy);
        Func<JsonElement, (int Height, byte[] Header)> check = raw == "[true]" ? ClientChecks.RawHeader : ClientChecks.DictionaryHeader;
        (string, string)[] start =
        [
            ("blockchain.headers.subscribe", raw), ("server.version", $"[\"{client}\",\"{version}\"]"), ("server.banner", "[]"), ("server.donation_address", "[]"),
            ("server.peers.subscribe", "[]"), ("blockchain.relayfee", "[]"), ("mempool.get_fee_histogram", "[]"), ("blockchain.estimatefee", "[25]"),
        ];
        int[] ids = await wallet.SendTogetherAsync(start);
        (int height, byte[] tip) = check(await wallet.ResultAsync(ids[0]));
        Shape.ShouldFit(await wallet.ResultAsync(ids[1]), $"\"{version}\"|[str,\"{version}\"]");
        Shape.ShouldFit(await wallet.ResultAsync(ids[2]), "str");
        Shape.ShouldFit(await wallet.ResultAsync(ids[3]), "str");
        Peers(await wallet.ResultAsync(ids[4]));
        Shape.ShouldFit(await wallet.ResultAsync(ids[5]), "coin");
        ClientChecks.Histogram(await wallet.ResultAsync(ids[6]));
        ClientChecks.Estimate(await wallet.ResultAsync(ids[7]));

        List<byte[]> headers = [];
        for (int i = 0; i <= height / 2016; i++)
        {
            if (raw == "[true]")
                headers.AddRange(ClientChecks.Headers(await wallet.CallAsync("blockchain.block.headers", $"[{i * 2016},2016]"), i * 2016, 2016, isList: false, height));
            else
                headers.AddRange(ClientChecks.Split((await wallet.CallAsync("blockchain.block.get_chunk", $"[{i}]")).GetString()!));
        }

        ClientChecks.Connects(headers);
        headers[^1].ShouldBe(tip);
        string key = ConformanceServer.Fill($"${family}");
        await CheckHistoryAsync(wallet, $"blockchain.{family}", key, ClientChecks.Status(await wallet.CallAsync($"blockchain.{family}.subscribe", $"[\"{key}\"]")), headers, sendsHeight: version is "0.9" or "0.10");

        // The form that was asked for before the version was known is kept.
        server.Chain.Publish(state =>
        {
            state.AddBlock();
            state.Add(Script, new HistoryEntry(ScriptedChain.Hash(99), 0, 7));
        }, Script);
        (int next, byte[] header) = check((await wallet.NotificationAsync("blockchain.headers.subscribe"))[0]);
        next.ShouldBe(height + 1);
        ClientChecks.Connects(header, tip);
        JsonElement told = await wallet.NotificationAsync($"blockchain.{family}.subscribe");
        told[0].GetString().ShouldBe(key);
        ClientChecks.Status(told[1]).ShouldNotBeNull();

        for (int i = 0; i < 12; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(60));
            await wallet.CallAsync("server.version", $"[\"{client}\",\"{version}\"]");
        }
    }

    [Fact]
    public async Task A_second_connection_says_its_version_with_the_first_ping_only()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        var wallet = new ReplayedWallet(server.Connect(), RequestStyle.Legacy);
        ClientChecks.DictionaryHeader(await wallet.CallAsync("blockchain.headers.subscribe"));
        server.Time.Advance(TimeSpan.FromSeconds(60));
        Shape.ShouldFit(await wallet.CallAsync("server.version", """["3.1.0","1.2"]"""), "[str,\"1.2\"]");
    }

    private static async Task CheckHistoryAsync(ReplayedWallet wallet, string family, string key, string? status, List<byte[]> headers, bool sendsHeight)
    {
        (string Txid, int Height)[] history = ClientChecks.History(await wallet.CallAsync($"{family}.get_history", $"[\"{key}\"]"), status, isOrdered: false);
        history.Length.ShouldBe(ConformanceChain.History.Count);
        foreach ((string txid, int height) in history)
        {
            ClientChecks.Transaction(await wallet.CallAsync("blockchain.transaction.get", sendsHeight ? $"[\"{txid}\",{height}]" : $"[\"{txid}\"]"), txid);
            if (height > 0)
                ClientChecks.Merkle(await wallet.CallAsync("blockchain.transaction.get_merkle", $"[\"{txid}\",{height}]"), txid, height, headers[height]);
        }
    }

    /// <summary>Old wallets take the version of a peer for a number.</summary>
    private static void Peers(JsonElement peers)
    {
        ClientChecks.Peers(peers);
        foreach (string token in peers.EnumerateArray().SelectMany(peer => peer[2].EnumerateArray()).Select(token => token.GetString()!).Where(token => token.StartsWith('v')))
            double.TryParse(token.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture, out _).ShouldBeTrue(token);
    }
}
