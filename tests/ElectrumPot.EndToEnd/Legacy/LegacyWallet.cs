// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Legacy;

/// <summary>One of the threads of Electrum-POT 1.9.8.1 would have died here, silently and for good.</summary>
internal sealed class LegacyThreadDiedException(string thread, string reason) : Exception($"The {thread} of 1.9.8.1 dies: {reason}.");

/// <summary>
/// Electrum-POT 1.9.8.1 as far as it speaks to a server: its requests byte for byte, its header download, synchroniser and
/// verifier, and everything that ends one of its threads (client behaviour, Electrum-POT 1.9.8.1).
/// </summary>
internal sealed class LegacyWallet(LineConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<int, string> _open = [];
    private readonly Dictionary<int, JsonElement> _answered = [];
    private readonly Dictionary<string, string?> _announced = [];
    private int _nextId;

    /// <summary>Confirmed and mempool entries by address, as last taken over.</summary>
    public Dictionary<string, IReadOnlyList<(string Txid, int Height)>> Histories { get; } = [];

    public LegacyHeaders Headers { get; init; } = new();

    /// <summary>Header announcements that were not taken over yet.</summary>
    public Queue<JsonElement> AnnouncedHeaders { get; } = [];

    /// <param name="format">Of the coin; Litecoin unless told otherwise.</param>
    public static async Task<LegacyWallet> ConnectAsync(int port, NaiveFormat? format = null)
    {
        var wallet = new LegacyWallet(await LineConnection.OpenAsync(port))
        {
            Headers = new LegacyHeaders { Format = format ?? NaiveFormat.Litecoin },
        };
        JsonElement version = await wallet.AskAsync("server.version", "1.9.8.1", "0.9");
        if (float.Parse(version.GetString()!, CultureInfo.InvariantCulture) < 0.9f)
            throw new LegacyThreadDiedException("interface", "the server is too old");
        return wallet;
    }

    /// <summary>Subscribes to the headers and downloads all that are missing.</summary>
    public async Task SynchroniseHeadersAsync()
    {
        JsonElement tip = await AskAsync("blockchain.headers.subscribe");
        await TakeOverHeaderAsync(tip);
    }

    /// <summary>A new tip: chunks if it is far away, single headers backwards otherwise.</summary>
    public async Task TakeOverHeaderAsync(JsonElement tip)
    {
        int height = tip.GetProperty("block_height").GetInt32();
        if (height > Headers.Height + 50)
        {
            int last = (height + 1) / LegacyHeaders.ChunkSize;
            for (int index = (Headers.Height + 1) / LegacyHeaders.ChunkSize; index <= last; index++)
            {
                // It would ask for an empty chunk again and again; the next tip ends that.
                string chunk = (await AskAsync("blockchain.block.get_chunk", index)).GetString()!;
                Headers.TakeOverChunk(index, chunk);
            }

            return;
        }

        var waiting = new Stack<JsonElement>([tip]);
        while (!Headers.Connects(waiting.Peek()))
            waiting.Push(await AskAsync("blockchain.block.get_header", waiting.Peek().GetProperty("block_height").GetInt32() - 1));
        foreach (JsonElement header in waiting) Headers.TakeOver(header);
    }

    /// <summary>Subscribes to all addresses in one write, as an opened wallet does, and fetches what it does not know.</summary>
    public async Task WatchAsync(params string[] addresses)
    {
        int[] ids = await SendAsync(addresses.Select(address => ("blockchain.address.subscribe", new object[] { address })));
        for (int i = 0; i < addresses.Length; i++)
        {
            string? status = (await AnswerAsync(ids[i])).GetString();
            _announced.TryAdd(addresses[i], status);
            if (status is not null) await FetchAsync(addresses[i], status);
        }
    }

    /// <summary>Waits until the address has this status, taking over every announcement on the way.</summary>
    public async Task UntilStatusAsync(string address, string? status)
    {
        while (KnownStatus(address) != status)
        {
            if (!await TakeOverAnnouncementAsync(address)) await ReadOneAsync();
        }
    }

    /// <summary>Fetches the history if its last announced status is not the known one.</summary>
    public async Task<bool> TakeOverAnnouncementAsync(string address)
    {
        if (_announced[address] is not { } announced || announced == KnownStatus(address)) return false;
        await FetchAsync(address, announced);
        return true;
    }

    /// <summary>Waits for the announcement of a tip at this height or above.</summary>
    public async Task UntilTipAsync(int height)
    {
        while (Headers.Height < height)
        {
            while (AnnouncedHeaders.Count == 0) await ReadOneAsync();
            await TakeOverHeaderAsync(AnnouncedHeaders.Dequeue());
        }
    }

    /// <summary>Sends a transaction; what is not the txid is shown to the user after <c>error:</c>.</summary>
    public async Task<string> BroadcastAsync(string hex)
    {
        JsonElement result = await AskAsync("blockchain.transaction.broadcast", hex);
        return result.ValueKind == JsonValueKind.String
            ? result.GetString()!
            : throw new LegacyThreadDiedException("sender", "the answer to a broadcast is no string");
    }

    public async Task<JsonElement> AskAsync(string method, params object[] parameters) =>
        await AnswerAsync((await SendAsync([(method, parameters)]))[0]);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private string? KnownStatus(string address) => NaiveHistory.StatusOf(Histories.GetValueOrDefault(address, []));

    private async Task FetchAsync(string address, string status)
    {
        JsonElement result = await AskAsync("blockchain.address.get_history", address);
        (string Txid, int Height)[] history =
            [.. result.EnumerateArray().Select(entry => (entry.GetProperty("tx_hash").GetString()!, entry.GetProperty("height").GetInt32()))];
        if (history.DistinctBy(entry => entry.Txid).Count() != history.Length)
            throw new LegacyThreadDiedException("synchroniser", "a txid comes twice in a history");
        // It compares with the status it asked for; if a newer one has overtaken the answer, the answer may also be that one's.
        string? actual = NaiveHistory.StatusOf(history);
        if (actual != status && actual != _announced[address])
            throw new LegacyThreadDiedException("synchroniser", $"the history of {address} does not hash to the announced status");

        foreach ((string txid, int height) in history.Except(Histories.GetValueOrDefault(address, [])))
        {
            string hex = (await AskAsync("blockchain.transaction.get", txid, height)).GetString()!;
            if (NaiveReader.ReadTransaction(hex, Headers.Format).Txid != txid)
                throw new LegacyThreadDiedException("synchroniser", "a transaction has another hash");
            if (height <= 0 || height > Headers.Height) continue;

            JsonElement proof = await AskAsync("blockchain.transaction.get_merkle", txid, height);
            string root = NaiveMerkle.RootFrom(
                txid,
                proof.GetProperty("merkle").EnumerateArray().Select(hash => hash.GetString()!),
                proof.GetProperty("pos").GetInt32());
            if (root != Headers.MerkleRoot(height)) throw new LegacyThreadDiedException("verifier", "a merkle root is wrong");
        }

        Histories[address] = history;
    }

    private async Task<int[]> SendAsync(IEnumerable<(string Method, object[] Parameters)> requests)
    {
        var lines = new StringBuilder();
        var ids = new List<int>();
        foreach ((string method, object[] parameters) in requests)
        {
            int id = _nextId++;
            ids.Add(id);
            _open[id] = method;
            string list = string.Join(", ", parameters.Select(parameter => JsonSerializer.Serialize(parameter)));
            lines.Append(CultureInfo.InvariantCulture, $"{{\"params\": [{list}], \"id\": {id}, \"method\": \"{method}\"}}\n");
        }

        await connection.SendAsync(Encoding.UTF8.GetBytes(lines.ToString()));
        return [.. ids];
    }

    private async Task<JsonElement> AnswerAsync(int id)
    {
        JsonElement answer;
        while (!_answered.Remove(id, out answer)) await ReadOneAsync();
        return answer;
    }

    /// <summary>One line from the server: an answer, which must be asked for, or an announcement.</summary>
    private async Task ReadOneAsync()
    {
        string line = await connection.ReadLineAsync() ?? throw new LegacyThreadDiedException("interface", "the connection was closed");
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement message = document.RootElement.Clone();
        if (message.ValueKind != JsonValueKind.Object) throw new LegacyThreadDiedException("interface", $"a line is no object: {line}");
        if (message.TryGetProperty("method", out JsonElement method))
        {
            JsonElement parameters = message.GetProperty("params");
            switch (method.GetString())
            {
                case "blockchain.address.subscribe":
                    _announced[parameters[0].GetString()!] = parameters[1].GetString();
                    break;
                case "blockchain.headers.subscribe":
                    AnnouncedHeaders.Enqueue(parameters[0]);
                    break;
                default:
                    throw new LegacyThreadDiedException("interface", $"an announcement nobody asked for: {line}");
            }

            return;
        }

        JsonElement id = message.GetProperty("id");
        if (id.ValueKind != JsonValueKind.Number || !_open.Remove(id.GetInt32(), out string? asked))
            throw new LegacyThreadDiedException("interface", $"an answer to no open request: {line}");
        if (message.TryGetProperty("error", out JsonElement error))
            throw new LegacyThreadDiedException("caller", $"{asked} is answered with an error, which is never asked again: {error}");
        _answered[id.GetInt32()] = message.GetProperty("result");
    }
}
