// SPDX-License-Identifier: MIT

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ElectrumPot.EndToEnd.Litecoind;

/// <summary>What a node answers to an RPC call that it refuses.</summary>
internal sealed class NodeRpcException(string method, int code, string message)
    : Exception($"{method}: {message} ({code})")
{
    public int Code { get; } = code;

    public string NodeMessage { get; } = message;
}

/// <summary>The tests' own way to the node, so that no answer of the server is checked through the server's code.</summary>
internal sealed class NodeRpc : IDisposable
{
    private readonly HttpClient _http;

    public NodeRpc(int port, string user, string password, string? wallet = null)
    {
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}/{(wallet is null ? "" : $"wallet/{wallet}")}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        // An open connection, even an idle one, keeps a node from stopping.
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    public async Task<JsonElement> CallAsync(string method, params object?[] parameters)
    {
        JsonElement reply = await PostAsync(new { id = 1, method, @params = parameters });
        return ResultOf(method, reply);
    }

    /// <summary>One call per row of parameters, in one request.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallManyAsync(string method, IEnumerable<object?[]> rows)
    {
        object[] batch = [.. rows.Select((parameters, index) => new { id = index, method, @params = parameters })];
        if (batch.Length == 0) return [];

        var results = new JsonElement[batch.Length];
        JsonElement replies = await PostAsync(batch);
        foreach (JsonElement reply in replies.EnumerateArray())
            results[reply.GetProperty("id").GetInt32()] = ResultOf(method, reply);
        return results;
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement ResultOf(string method, JsonElement reply)
    {
        JsonElement error = reply.GetProperty("error");
        return error.ValueKind == JsonValueKind.Null
            ? reply.GetProperty("result")
            : throw new NodeRpcException(method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    private async Task<JsonElement> PostAsync(object body)
    {
        // Buffered content, because nodes of 2014 do not understand chunked request bodies.
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync((Uri?)null, content, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (text.Length == 0) response.EnsureSuccessStatusCode();
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
