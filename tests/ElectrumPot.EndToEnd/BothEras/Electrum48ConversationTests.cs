// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.BothEras;

/// <summary>
/// The conversation of Electrum 4.8 over TLS with padded messages, checked as that wallet checks it: a failed check here
/// is a closed connection there.
/// </summary>
public sealed class Electrum48ConversationTests(DevNodeFixture fixture) : IClassFixture<DevNodeFixture>
{
    private readonly Queue<JsonElement> _notifications = [];
    private int _nextId;

    [Fact]
    public async Task A_wallet_starts_downloads_watches_and_is_told_in_the_order_it_insists_on()
    {
        fixture.Node.AddRandomTransactions(30);
        NaiveIndex index = await fixture.SettleAsync();
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TlsPort, tls: true);

        JsonElement agreed = await CallAsync(connection, "server.version", """["electrum/4.8.1",["1.4","1.6"]]""");
        agreed[1].GetString().ShouldBe("1.6");
        (await CallAsync(connection, "server.features")).GetProperty("genesis_hash").GetString().ShouldBe(index.Blocks[0].Hash);
        CheckTip(await CallAsync(connection, "blockchain.headers.subscribe"), index.Height, index.Blocks[^1].Header);
        foreach (int target in (int[])[1008, 144, 25, 10, 5, 2])
        {
            decimal estimate = (await CallAsync(connection, "blockchain.estimatefee", $"[{target}]")).GetDecimal();
            (estimate is -1 or >= 0).ShouldBeTrue();
        }

        (await CallAsync(connection, "server.banner")).ValueKind.ShouldBe(JsonValueKind.String);
        (await CallAsync(connection, "server.donation_address")).ValueKind.ShouldBe(JsonValueKind.String);
        (await CallAsync(connection, "server.peers.subscribe")).ValueKind.ShouldBe(JsonValueKind.Array);
        (await CallAsync(connection, "mempool.get_info")).GetProperty("minrelaytxfee").GetDecimal().ShouldBeGreaterThanOrEqualTo(0);
        double[] rates = [.. (await CallAsync(connection, "mempool.get_fee_histogram")).EnumerateArray().Select(bin => bin[0].GetDouble())];
        rates.ShouldBe(rates.Distinct().OrderDescending());

        await CheckHeadersAsync(connection, index);
        string[] scripts = [.. index.ScriptHashes.OrderByDescending(script => index.History(DevNodeFixture.PruningLimit, script).Mempool.Count).Take(30)];
        foreach (string script in scripts)
            await CheckScriptAsync(connection, script, (await CallAsync(connection, "blockchain.scripthash.subscribe", $"[\"{script}\"]")).GetString(), index);
        // The order of what is in the mempool counts only where there is more than one.
        scripts.ShouldContain(script => index.History(DevNodeFixture.PruningLimit, script).Mempool.Count > 1);

        string address = fixture.Node.Keys[900].Address(fixture.Node.Coin);
        string watched = NaiveScript.HashOf(fixture.Node.PayTo(address, 1000).Outputs.First(output => output.Value == 1000).Script);
        (await CallAsync(connection, "blockchain.scripthash.subscribe", $"[\"{watched}\"]")).ValueKind.ShouldBeOneOf(JsonValueKind.Null, JsonValueKind.String);
        fixture.Node.MineBlocks(1);
        JsonElement last;
        do last = await NotificationAsync(connection, "blockchain.headers.subscribe", watched);
        while (last[0].ValueKind != JsonValueKind.String || last[0].GetString() != watched || !await IsConfirmedAsync(connection, watched, last[1].GetString()));
    }

    private async Task CheckHeadersAsync(LineConnection connection, NaiveIndex index)
    {
        JsonElement chunk = await CallAsync(connection, "blockchain.block.headers", "[0,2016]");
        chunk.EnumerateObject().Select(member => member.Name).ShouldBe(["count", "headers", "max"], ignoreOrder: true);
        chunk.GetProperty("max").GetInt32().ShouldBeGreaterThanOrEqualTo(2016);
        chunk.GetProperty("count").GetInt32().ShouldBe(index.Height + 1);
        chunk.GetProperty("headers").EnumerateArray().Select(header => header.GetString()).ShouldBe(index.Blocks.Select(block => block.Header));
    }

    private async Task CheckScriptAsync(LineConnection connection, string script, string? status, NaiveIndex index)
    {
        JsonElement[] history = [.. (await CallAsync(connection, "blockchain.scripthash.get_history", $"[\"{script}\"]")).EnumerateArray()];
        (string Txid, int Height)[] entries = [.. history.Select(entry => (entry.GetProperty("tx_hash").GetString()!, entry.GetProperty("height").GetInt32()))];
        NaiveHistory.StatusOf(entries).ShouldBe(status);
        entries.Select(entry => entry.Txid).ShouldBeUnique();
        (string Txid, int Height)[] confirmed = [.. entries.TakeWhile(entry => entry.Height > 0)];
        (string Txid, int Height)[] pending = entries[confirmed.Length..];
        confirmed.Select(entry => entry.Height).ShouldBeInOrder();
        pending.ShouldBe(pending.Where(entry => entry.Height <= 0).OrderByDescending(entry => entry.Height).ThenBy(entry => entry.Txid, StringComparer.Ordinal));
        foreach (JsonElement entry in history.Skip(confirmed.Length))
            entry.GetProperty("fee").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        foreach ((string txid, int height) in entries.Take(5))
        {
            string raw = (await CallAsync(connection, "blockchain.transaction.get", $"[\"{txid}\"]")).GetString()!;
            NaiveReader.ReadTransaction(raw, NaiveFormat.Potcoin).Txid.ShouldBe(txid);
            if (height <= 0) continue;
            JsonElement proof = await CallAsync(connection, "blockchain.transaction.get_merkle", string.Create(CultureInfo.InvariantCulture, $"[\"{txid}\",{height}]"));
            string root = NaiveMerkle.RootFrom(txid, proof.GetProperty("merkle").EnumerateArray().Select(hash => hash.GetString()!), proof.GetProperty("pos").GetInt32());
            Convert.FromHexString(index.Blocks[height].Header)[36..68].ShouldBe([.. Convert.FromHexString(root).Reverse()]);
        }
    }

    /// <summary>Whether the list behind the status has nothing pending any more.</summary>
    private async Task<bool> IsConfirmedAsync(LineConnection connection, string script, string? status)
    {
        JsonElement[] history = [.. (await CallAsync(connection, "blockchain.scripthash.get_history", $"[\"{script}\"]")).EnumerateArray()];
        (string Txid, int Height)[] entries = [.. history.Select(entry => (entry.GetProperty("tx_hash").GetString()!, entry.GetProperty("height").GetInt32()))];
        return NaiveHistory.StatusOf(entries) == status && entries.All(entry => entry.Height > 0);
    }

    private static void CheckTip(JsonElement tip, int height, string header)
    {
        tip.EnumerateObject().Select(member => member.Name).ShouldBe(["height", "hex"], ignoreOrder: true);
        tip.GetProperty("height").GetInt32().ShouldBe(height);
        tip.GetProperty("hex").GetString().ShouldBe(header);
    }

    /// <summary>Sends one request, padded by hundreds of spaces, and waits for its reply; what is announced meanwhile is kept.</summary>
    private async Task<JsonElement> CallAsync(LineConnection connection, string method, string args = "[]")
    {
        int id = _nextId++;
        string parameters = args == "[]" ? "" : $",\"params\":{args}";
        await connection.SendLineAsync($$"""{"jsonrpc":"2.0","method":"{{method}}","id":{{id}}{{parameters}}{{new string(' ', 300 + (id * 37 % 500))}}}""");
        while (true)
        {
            JsonElement message = await ReadAsync(connection);
            if (message.TryGetProperty("method", out _))
            {
                _notifications.Enqueue(message);
                continue;
            }

            message.GetProperty("id").GetInt32().ShouldBe(id);
            return message.GetProperty("result");
        }
    }

    private async Task<JsonElement> NotificationAsync(LineConnection connection, string headers, string script)
    {
        JsonElement message = _notifications.TryDequeue(out JsonElement kept) ? kept : await ReadAsync(connection);
        string method = message.GetProperty("method").GetString()!;
        method.ShouldBeOneOf(headers, "blockchain.scripthash.subscribe");
        JsonElement parameters = message.GetProperty("params");
        if (method == headers) parameters[0].EnumerateObject().Select(member => member.Name).ShouldBe(["height", "hex"], ignoreOrder: true);
        else parameters[0].GetString()!.Length.ShouldBe(script.Length);
        return parameters;
    }

    private static async Task<JsonElement> ReadAsync(LineConnection connection)
    {
        string line = (await connection.ReadLineAsync()).ShouldNotBeNull("the server closed the connection");
        JsonElement message = JsonElement.Parse(line);
        ElectrumMessage.CheckShape(message, line);
        return message;
    }
}
