// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Litecoind;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>Protocol 1.7 and the additions of other servers on a real chain.</summary>
public sealed class OutpointAndExtraTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const string Outpoint = "blockchain.outpoint.subscribe";

    private LitecoinDaemon Daemon => fixture.Daemon;

    [Fact]
    public async Task An_output_is_followed_from_before_its_creation_to_its_spending_and_back()
    {
        string address = await Daemon.NewAddressAsync();
        string script = await Daemon.ScriptOfAsync(address);
        (string source, int sourceIndex) = await CoinAsync();
        string fundingHex = await RawTransaction.SignAsync(Daemon, [(source, sourceIndex)], address, 0.999m);
        string funding = NaiveReader.ReadTransaction(fundingHex, NaiveFormat.Litecoin).Txid;
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "1.7");
        await client.CallAsync("blockchain.headers.subscribe");
        (await client.CallAsync(Outpoint, funding, 0, script)).GetRawText().ShouldBe("{}");

        await Daemon.Rpc.CallAsync("sendrawtransaction", fundingHex);
        await ToldAsync(client, funding, """{"funder_height":0}""");
        await Daemon.MineAsync();
        int funded = await Daemon.HeightAsync();
        await ToldAsync(client, funding, $$"""{"funder_height":{{funded}}}""");

        string spendingHex = await RawTransaction.SignAsync(Daemon, [(funding, 0)], await Daemon.NewAddressAsync(), 0.998m);
        string spending = (await Daemon.Rpc.CallAsync("sendrawtransaction", spendingHex)).GetString()!;
        string inMempool = $$"""{"funder_height":{{funded}},"spender_txhash":"{{spending}}","spender_height":0}""";
        await ToldAsync(client, funding, inMempool);
        await Daemon.MineAsync();
        string spent = $$"""{"funder_height":{{funded}},"spender_txhash":"{{spending}}","spender_height":{{funded + 1}}}""";
        await ToldAsync(client, funding, spent);
        (await client.CallAsync("blockchain.outpoint.get_status", funding, 0, script)).GetRawText().ShouldBe(spent);

        // The block of the spend is replaced by two empty ones.
        int before = client.Notifications.Count;
        await Daemon.InvalidateFromAsync(funded + 1);
        for (int i = 0; i < 2; i++)
            await Daemon.Rpc.CallAsync("generateblock", await Daemon.NewAddressAsync(), Array.Empty<string>());
        await ToldAsync(client, funding, inMempool, before);

        List<string> told = [.. Told(client, funding)];
        told.Zip(told.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second);
        (await client.CallAsync("blockchain.outpoint.unsubscribe", funding, 0)).GetBoolean().ShouldBeTrue();
        await Daemon.MineAsync();
    }

    [Fact]
    public async Task A_script_is_announced_by_itself_and_its_lists_are_members()
    {
        string address = await Daemon.NewAddressAsync();
        string script = await Daemon.ScriptOfAsync(address);
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "1.7");
        (await client.CallAsync("blockchain.scriptpubkey.subscribe", script)).ValueKind.ShouldBe(JsonValueKind.Null);
        string txid = await Daemon.SendAsync(address, 0.5m);
        Notification announced = await client.WaitForStatusAsync(script, NaiveHistory.StatusOf([(txid, 0)]));
        announced.Method.ShouldBe("blockchain.scriptpubkey.subscribe");
        JsonElement history = await client.CallAsync("blockchain.scriptpubkey.get_history", script);
        Answers.Entries(history.GetProperty("history")).ShouldBe([(await fixture.ModelAsync()).MempoolEntry(txid)]);
        (await client.CallAsync("blockchain.scriptpubkey.listunspent", script)).GetProperty("utxos")[0].GetProperty("tx_hash").GetString().ShouldBe(txid);
        (await client.CallAsync("mempool.recent"))[0].GetProperty("txid").GetString().ShouldBe(txid);
        await Daemon.MineAsync();
    }

    [Fact]
    public async Task The_daemon_tests_transactions_for_a_wallet()
    {
        (string source, int index) = await CoinAsync();
        string good = await RawTransaction.SignAsync(Daemon, [(source, index)], await Daemon.NewAddressAsync(), 0.999m);
        string child = good.Replace(Reversed(source), Reversed(new string('7', 64)), StringComparison.Ordinal);
        await using ElectrumClient client = await fixture.Server.ConnectAsync(version: "1.7");
        JsonElement[] answers = [.. (await client.CallAsync("blockchain.transaction.testmempoolaccept", (object)new[] { good, child })).EnumerateArray()];
        JsonElement decoded = await Daemon.Rpc.CallAsync("decoderawtransaction", good);
        answers[0].GetProperty("allowed").GetBoolean().ShouldBeTrue();
        answers[0].GetProperty("txid").GetString().ShouldBe(decoded.GetProperty("txid").GetString());
        answers[0].GetProperty("wtxid").GetString().ShouldBe(decoded.GetProperty("hash").GetString());
        answers[1].GetProperty("allowed").GetBoolean().ShouldBeFalse();
        answers[1].GetProperty("reason").GetString().ShouldBe("missing-inputs");

        // Nothing was sent.
        (await client.CallAsync("blockchain.transaction.get_height", source)).GetInt32().ShouldBe(await Daemon.HeightAsync());
        var unknown = await Should.ThrowAsync<ElectrumErrorException>(
            () => client.CallAsync("blockchain.transaction.get_height", decoded.GetProperty("txid").GetString()));
        unknown.Code.ShouldBe(2);
        (await client.CallAsync("blockchain.transaction.broadcast_package", (object)new[] { good })).GetRawText().ShouldBe("""{"success":true}""");
        await Daemon.MineAsync();
    }

    [Fact]
    public async Task A_transaction_is_placed_and_proven()
    {
        string address = await Daemon.NewAddressAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        string txid = await Daemon.SendAsync(address, 0.7m);
        for (int i = 0; i < 3; i++)
            await Daemon.SendAsync(await Daemon.NewAddressAsync(), 0.1m);
        await fixture.SettleAsync();
        (await client.CallAsync("blockchain.transaction.subscribe", txid)).GetInt32().ShouldBe(0);
        await Daemon.MineAsync();
        int height = await Daemon.HeightAsync();
        await client.WaitForAsync(notification => notification.Method == "blockchain.transaction.subscribe" && notification.Parameters[1].GetInt32() == height);
        string blockHash = await Daemon.BlockHashAsync(height);
        string header = await Daemon.HeaderAsync(height);

        (await client.CallAsync("blockchain.transaction.get_height", txid)).GetInt32().ShouldBe(height);
        JsonElement block = await client.CallAsync("blockchain.transaction.get_confirmed_blockhash", txid, true);
        block.GetProperty("block_hash").GetString().ShouldBe(blockHash);
        block.GetProperty("block_header").GetString().ShouldBe(header);
        (await client.CallAsync("blockchain.header.get", blockHash)).GetProperty("height").GetInt32().ShouldBe(height);
        string scriptHash = NaiveScript.HashOf(await Daemon.ScriptOfAsync(address));
        (await client.CallAsync("blockchain.scripthash.get_first_use", scriptHash)).GetRawText()
            .ShouldBe($$"""{"block_hash":"{{blockHash}}","height":{{height}},"tx_hash":"{{txid}}"}""");
        JsonElement output = await client.CallAsync("blockchain.utxo.get_info", txid, await Daemon.OutputOfAsync(txid, address));
        output.GetRawText().ShouldBe($$"""{"confirmed_height":{{height}},"scripthash":"{{scriptHash}}","value":70000000}""");

        JsonElement proof = await client.CallAsync("blockchain.transaction.get_tsc_merkle", txid, height, "tx", "merkle_root");
        proof.GetProperty("txOrId").GetString().ShouldBe(await Daemon.RawTransactionAsync(txid));
        RootOf(txid, proof).ShouldBe(proof.GetProperty("target").GetString());
        proof.GetProperty("target").GetString().ShouldBe(
            (await Daemon.Rpc.CallAsync("getblockheader", blockHash)).GetProperty("merkleroot").GetString());
    }

    /// <summary>A fresh confirmed output of one coin.</summary>
    private async Task<(string Txid, int Index)> CoinAsync()
    {
        string address = await Daemon.NewAddressAsync();
        string txid = await Daemon.SendAsync(address, 1m);
        await Daemon.MineAsync();
        await fixture.Server.CatchUpAsync(Daemon);
        return (txid, await Daemon.OutputOfAsync(txid, address));
    }

    private static Task<Notification> ToldAsync(ElectrumClient client, string txid, string status, int from = 0) =>
        client.WaitForAsync(
            notification => notification.Method == Outpoint && notification.Parameters[0].GetString() == txid
                && notification.Parameters[1].GetInt32() == 0 && notification.Parameters[2].GetRawText() == status,
            from);

    private static IEnumerable<string> Told(ElectrumClient client, string txid) =>
        client.Notifications.Where(notification => notification.Method == Outpoint && notification.Parameters[0].GetString() == txid)
            .Select(notification => notification.Parameters[2].GetRawText());

    private static string RootOf(string txid, JsonElement proof)
    {
        byte[] hash = Convert.FromHexString(Reversed(txid));
        int index = proof.GetProperty("index").GetInt32();
        foreach (JsonElement node in proof.GetProperty("nodes").EnumerateArray())
        {
            byte[] sibling = node.GetString() == "*" ? hash : Convert.FromHexString(Reversed(node.GetString()!));
            hash = SHA256.HashData(SHA256.HashData(index % 2 == 0 ? [.. hash, .. sibling] : [.. sibling, .. hash]));
            index /= 2;
        }

        return Reversed(Convert.ToHexStringLower(hash));
    }

    private static string Reversed(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Array.Reverse(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
