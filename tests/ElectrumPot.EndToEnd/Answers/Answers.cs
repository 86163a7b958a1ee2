// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>What the server says, put side by side with what the naive model says.</summary>
internal static class Answers
{
    private const int ChunkSize = 2016;

    /// <summary>Every script, every transaction and every header the model knows.</summary>
    public static async Task ShouldAllMatchAsync(this ElectrumClient client, NaiveIndex index, int pruningLimit)
    {
        await client.HistoriesShouldMatchAsync(index, pruningLimit, index.ScriptHashes);
        await client.HeadersShouldMatchAsync(index);
        await client.TransactionsShouldMatchAsync(index);
    }

    /// <summary>All five questions about each script hash.</summary>
    public static async Task HistoriesShouldMatchAsync(
        this ElectrumClient client, NaiveIndex index, int pruningLimit, IEnumerable<string> scriptHashes)
    {
        string[] scripts = [.. scriptHashes];
        object?[][] parameters = [.. scripts.Select(script => new object?[] { script })];
        var statuses = await client.CallManyAsync("blockchain.scripthash.subscribe", parameters);
        var histories = await client.CallManyAsync("blockchain.scripthash.get_history", parameters);
        var mempools = await client.CallManyAsync("blockchain.scripthash.get_mempool", parameters);
        var balances = await client.CallManyAsync("blockchain.scripthash.get_balance", parameters);
        var unspents = await client.CallManyAsync("blockchain.scripthash.listunspent", parameters);
        for (int i = 0; i < scripts.Length; i++)
        {
            NaiveHistory expected = index.History(pruningLimit, scripts[i]);
            Entries(histories[i]).ShouldBe(expected.All, scripts[i]);
            statuses[i].GetString().ShouldBe(expected.Status, scripts[i]);
            Entries(mempools[i]).ShouldBe(expected.Mempool, scripts[i]);
            Balance(balances[i]).ShouldBe((expected.ConfirmedBalance, expected.UnconfirmedBalance), scripts[i]);
            UnspentShouldMatch(Unspent(unspents[i]), expected);
        }
    }

    /// <summary>The same about addresses, each with all script hashes that belong to it.</summary>
    public static async Task AddressesShouldMatchAsync(
        this ElectrumClient client, NaiveIndex index, int pruningLimit, IReadOnlyDictionary<string, string[]> addresses)
    {
        object?[][] parameters = [.. addresses.Keys.Select(address => new object?[] { address })];
        var statuses = await client.CallManyAsync("blockchain.address.subscribe", parameters);
        var histories = await client.CallManyAsync("blockchain.address.get_history", parameters);
        var balances = await client.CallManyAsync("blockchain.address.get_balance", parameters);
        var unspents = await client.CallManyAsync("blockchain.address.listunspent", parameters);
        foreach ((int i, (string address, string[] scripts)) in addresses.Index())
        {
            NaiveHistory expected = index.History(pruningLimit, scripts);
            Entries(histories[i]).ShouldBe(expected.All, address);
            statuses[i].GetString().ShouldBe(expected.Status, address);
            Balance(balances[i]).ShouldBe((expected.ConfirmedBalance, expected.UnconfirmedBalance), address);
            UnspentShouldMatch(Unspent(unspents[i]), expected);
        }
    }

    public static async Task HeadersShouldMatchAsync(this ElectrumClient client, NaiveIndex index)
    {
        var headers = await client.CallManyAsync(
            "blockchain.block.header", Enumerable.Range(0, index.Height + 1).Select(height => new object?[] { height }));
        headers.Select(header => header.GetString()).ShouldBe(index.Blocks.Select(block => block.Header));

        for (int start = 0; start <= index.Height; start += ChunkSize)
        {
            var range = await client.CallAsync("blockchain.block.headers", start, ChunkSize);
            NaiveBlock[] expected = [.. index.Blocks.Skip(start).Take(ChunkSize)];
            range.GetProperty("count").GetInt32().ShouldBe(expected.Length);
            range.GetProperty("max").GetInt32().ShouldBeGreaterThanOrEqualTo(ChunkSize);
            range.GetProperty("hex").GetString().ShouldBe(string.Concat(expected.Select(block => block.Header)));
        }
    }

    public static async Task TransactionsShouldMatchAsync(this ElectrumClient client, NaiveIndex index)
    {
        // Nodes do not hand out the first coinbase, so that no client ever asks for it.
        var transactions = index.Confirmed.Where(transaction => transaction.Height > 0).ToArray();
        var raw = await client.CallManyAsync(
            "blockchain.transaction.get", transactions.Select(transaction => new object?[] { transaction.Transaction.Txid }));
        raw.Select(hex => hex.GetString()).ShouldBe(transactions.Select(transaction => transaction.Transaction.Raw));

        var proofs = await client.CallManyAsync(
            "blockchain.transaction.get_merkle",
            transactions.Select(transaction => new object?[] { transaction.Transaction.Txid, transaction.Height }));
        for (int i = 0; i < transactions.Length; i++)
        {
            var (transaction, height, position) = transactions[i];
            string[] leaves = [.. index.Blocks[height].Transactions.Select(leaf => leaf.Txid)];
            proofs[i].GetProperty("block_height").GetInt32().ShouldBe(height);
            proofs[i].GetProperty("pos").GetInt32().ShouldBe(position);
            proofs[i].GetProperty("merkle").EnumerateArray().Select(hash => hash.GetString()!)
                .ShouldBe(NaiveMerkle.Prove(leaves, position).Branch, transaction.Txid);
        }
    }

    /// <summary>Entries as they came, in the order in which they came.</summary>
    public static IReadOnlyList<NaiveEntry> Entries(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(entry => new NaiveEntry(
            entry.GetProperty("tx_hash").GetString()!,
            entry.GetProperty("height").GetInt32(),
            entry.TryGetProperty("fee", out JsonElement fee) ? fee.GetInt64() : null)),
    ];

    public static IReadOnlyList<NaiveUnspent> Unspent(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(entry => new NaiveUnspent(
            entry.GetProperty("tx_hash").GetString()!,
            entry.GetProperty("tx_pos").GetUInt32(),
            entry.GetProperty("height").GetInt32(),
            entry.GetProperty("value").GetInt64())),
    ];

    private static (long Confirmed, long Unconfirmed) Balance(JsonElement balance) =>
        (balance.GetProperty("confirmed").GetInt64(), balance.GetProperty("unconfirmed").GetInt64());

    /// <summary>Confirmed ones come in block order, those of the mempool after them in any order (methods, listunspent).</summary>
    private static void UnspentShouldMatch(IReadOnlyList<NaiveUnspent> actual, NaiveHistory expected)
    {
        int confirmed = expected.Unspent.Count(unspent => unspent.Height > 0);
        actual.Take(confirmed).ShouldBe(expected.Unspent.Take(confirmed));
        actual.Skip(confirmed).ShouldBe(expected.Unspent.Skip(confirmed), ignoreOrder: true);
    }
}
