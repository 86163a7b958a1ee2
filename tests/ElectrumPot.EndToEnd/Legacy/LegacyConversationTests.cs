// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Legacy;

/// <summary>Single exchanges with Electrum-POT 1.9.8.1, line by line, over plain TCP.</summary>
[Collection(nameof(LegacyFixture))]
public sealed class LegacyConversationTests(LegacyFixture fixture)
{
    /// <summary>What the client asks in its daily life; the rest of the transcript is its command line.</summary>
    private const int LastDailyRequest = 10;

    [Fact]
    public async Task The_recorded_conversation_gets_one_line_of_answer_for_every_line()
    {
        string address = await fixture.Daemon.NewAddressAsync("legacy");
        string txid = await fixture.Daemon.SendAsync(address, 1m);
        await fixture.Daemon.MineAsync();
        NaiveIndex index = await fixture.SettleAsync();
        string file = Path.Combine(AppContext.BaseDirectory, "Data", "electrum-pot-1.9.8.1.jsonl");
        string unused = await fixture.Daemon.NewAddressAsync("legacy");
        string[] lines =
        [
            .. (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => line
                .Replace("$ADDRESS", address, StringComparison.Ordinal)
                .Replace("$UNUSED", unused, StringComparison.Ordinal)
                .Replace("$TXID", txid, StringComparison.Ordinal)
                .Replace("$HEIGHT", index.Height.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
        ];
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);

        var answers = new List<JsonElement>();
        foreach (string line in lines)
        {
            await connection.SendLineAsync(line);
            answers.Add(await AnswerAsync(connection, answers.Count));
        }

        foreach (JsonElement answer in answers.Take(LastDailyRequest + 1)) answer.TryGetProperty("result", out _).ShouldBeTrue();
        answers[0].GetProperty("result").GetString().ShouldBe("0.9");
        answers[1].GetProperty("result").GetProperty("block_height").GetInt32().ShouldBe(index.Height);
        answers[2].GetProperty("result").ValueKind.ShouldBe(JsonValueKind.String);
        answers[3].GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Array);
        answers[4].GetProperty("result").GetString().ShouldBe(string.Concat(index.Blocks.Take(LegacyHeaders.ChunkSize).Select(block => block.Header)));
        answers[5].GetProperty("result").GetString().ShouldBe(NaiveHistory.StatusOf([(txid, index.Height)]));
        answers[6].GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
        Answers.Answers.Entries(answers[7].GetProperty("result")).ShouldBe([new NaiveEntry(txid, index.Height)]);
        answers[8].GetProperty("result").GetString().ShouldBe(await fixture.Daemon.RawTransactionAsync(txid));
        answers[9].GetProperty("result").GetProperty("block_height").GetInt32().ShouldBe(index.Height);
        answers[10].GetProperty("result").GetString().ShouldBe("0.9");
    }

    [Fact]
    public async Task A_header_is_a_dictionary_and_the_first_one_follows_64_zeros()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");

        JsonElement genesis = await client.CallAsync("blockchain.block.get_header", 0);

        genesis.GetProperty("prev_block_hash").GetString().ShouldBe(new string('0', 64));
        genesis.GetProperty("block_height").GetInt32().ShouldBe(0);
        genesis.GetProperty("merkle_root").GetString()!.Length.ShouldBe(64);
        foreach (string number in new[] { "version", "timestamp", "bits", "nonce" })
            genesis.GetProperty(number).ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task A_chunk_beyond_the_tip_is_an_empty_string_and_slow_when_it_is_asked_for_again()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");
        await using ElectrumClient other = await fixture.Server.ConnectAsync(version: "0.9");
        int beyond = ((await fixture.Daemon.HeightAsync() + 1) / LegacyHeaders.ChunkSize) + 1;

        (await client.CallAsync("blockchain.block.get_chunk", beyond)).GetString().ShouldBe("");
        var clock = Stopwatch.StartNew();
        Task<JsonElement> repeated = client.CallAsync("blockchain.block.get_chunk", beyond);
        await other.CallAsync("server.banner");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(0.5), "one client in its hot loop must not hold up another");
        (await repeated).GetString().ShouldBe("");
        (await client.CallAsync("blockchain.block.get_chunk", beyond)).GetString().ShouldBe("");

        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), "650 requests a second were measured without a delay");
    }

    [Fact]
    public async Task The_chunk_after_a_full_one_is_empty_until_the_next_block()
    {
        int height = await fixture.Daemon.HeightAsync();
        await fixture.Daemon.MineAsync(LegacyHeaders.ChunkSize - 1 - (height % LegacyHeaders.ChunkSize));
        NaiveIndex index = await fixture.SettleAsync();
        int next = (index.Height + 1) / LegacyHeaders.ChunkSize;
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "0.9");

        (await client.CallAsync("blockchain.block.get_chunk", next - 1)).GetString()!.Length.ShouldBe(LegacyHeaders.ChunkSize * 160);
        (await client.CallAsync("blockchain.block.get_chunk", next)).GetString().ShouldBe("");
        await fixture.Daemon.MineAsync();
        await fixture.Server.CatchUpAsync(fixture.Daemon);

        (await client.CallAsync("blockchain.block.get_chunk", next)).GetString().ShouldBe(await fixture.Daemon.HeaderAsync(index.Height + 1));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("not hexadecimal")]
    [InlineData("01000000000000000000")]
    public async Task A_transaction_that_the_daemon_refuses_is_answered_with_a_text_as_result(string hex)
    {
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);

        (await wallet.BroadcastAsync(hex)).ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_double_spend_is_refused_with_the_daemons_reason_as_result()
    {
        string address = await fixture.Daemon.NewAddressAsync("legacy");
        string funding = await fixture.Daemon.SendAsync(address, 1m);
        await fixture.Daemon.MineAsync();
        int output = await fixture.Daemon.OutputOfAsync(funding, address);
        await using LegacyWallet wallet = await LegacyWallet.ConnectAsync(fixture.Server.TcpPort);
        string first = await RawTransaction.SignAsync(fixture.Daemon, [(funding, output)], address, 0.999m);
        string second = await RawTransaction.SignAsync(fixture.Daemon, [(funding, output)], address, 0.998m);

        (await wallet.BroadcastAsync(first)).ShouldBe(NaiveReader.ReadTransaction(first, NaiveFormat.Litecoin).Txid);
        (await wallet.BroadcastAsync(second)).ShouldContain("txn-mempool-conflict");
        await fixture.Daemon.MineAsync();
    }

    [Theory]
    [InlineData("blockchain.foo")]
    [InlineData("server.foo")]
    [InlineData("foo.bar")]
    [InlineData("blockchain.address.get_proof")]
    [InlineData("blockchain.utxo.get_address")]
    [InlineData("")]
    public async Task Whatever_is_asked_is_answered(string method)
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        await connection.SendLineAsync("{\"params\": [\"1.9.8.1\", \"0.9\"], \"id\": 0, \"method\": \"server.version\"}");
        await AnswerAsync(connection, 0);

        await connection.SendLineAsync($"{{\"params\": [], \"id\": 1, \"method\": \"{method}\"}}");

        await AnswerAsync(connection, 1);
    }

    [Fact]
    public async Task Nothing_is_announced_before_the_answer_to_its_subscription_and_nothing_twice()
    {
        string address = await fixture.Daemon.NewAddressAsync("legacy");
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        await connection.SendLineAsync("{\"params\": [\"1.9.8.1\", \"0.9\"], \"id\": 0, \"method\": \"server.version\"}");
        await AnswerAsync(connection, 0);
        await connection.SendLineAsync($"{{\"params\": [\"{address}\"], \"id\": 1, \"method\": \"blockchain.address.subscribe\"}}");
        await AnswerAsync(connection, 1);

        string txid = await fixture.Daemon.SendAsync(address, 1m);
        await fixture.SettleAsync();
        await fixture.Daemon.MineAsync();
        NaiveIndex index = await fixture.SettleAsync();
        var announced = new List<string?>();
        string? last = NaiveHistory.StatusOf([(txid, index.Height)]);
        while (!announced.Contains(last))
        {
            using JsonDocument line = JsonDocument.Parse((await connection.ReadLineAsync())!);
            line.RootElement.GetProperty("method").GetString().ShouldBe("blockchain.address.subscribe");
            line.RootElement.GetProperty("params")[0].GetString().ShouldBe(address);
            announced.Add(line.RootElement.GetProperty("params")[1].GetString());
        }

        announced.ShouldBe([NaiveHistory.StatusOf([(txid, 0)]), last]);
        await connection.SendLineAsync("{\"params\": [], \"id\": 2, \"method\": \"server.banner\"}");
        await AnswerAsync(connection, 2);
    }

    /// <summary>The next line, which must be an object that answers this request.</summary>
    private static async Task<JsonElement> AnswerAsync(LineConnection connection, int id)
    {
        string line = (await connection.ReadLineAsync()).ShouldNotBeNull();
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement answer = document.RootElement.Clone();
        ElectrumMessage.CheckShape(answer, line, isOfFirstEra: true);
        answer.GetProperty("id").ValueKind.ShouldBe(JsonValueKind.Number);
        answer.GetProperty("id").GetInt32().ShouldBe(id);
        return answer;
    }
}
