// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Tests.Daemon;

/// <summary>A request as it came over the socket.</summary>
/// <param name="Connection">Counts connections from 1.</param>
internal sealed record ScriptedRequest(int Connection, string Head, string Body)
{
    public IReadOnlyList<RpcCall> Calls { get; } = Parse(Body);

    public bool Has(string method) => Calls.Any(call => string.Equals(call.Method, method, StringComparison.Ordinal));

    private static List<RpcCall> Parse(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateArray().Select(call => new RpcCall(
            call.GetProperty("id").GetInt32(), call.GetProperty("method").GetString()!, call.GetProperty("params").Clone()))];
    }
}

internal sealed record RpcCall(int Id, string Method, JsonElement Params)
{
    public string Text(int index) => Params[index].GetString()!;

    public int Number(int index) => Params[index].GetInt32();
}
