// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Benchmarks.BlockServing;

/// <summary>The few calls with which an index is built, as JSON-RPC batches. Used by one connection.</summary>
internal sealed class RpcAnswers(BlockStore store)
{
    private byte[] _raw = new byte[1 << 16];

    /// <summary>Appends the answers to a body.</summary>
    public void Answer(ReadOnlyMemory<byte> body, ByteSink reply)
    {
        using JsonDocument request = JsonDocument.Parse(body);
        if (request.RootElement.ValueKind == JsonValueKind.Object)
        {
            AnswerCall(request.RootElement, reply);
            return;
        }

        reply.Byte((byte)'[');
        bool isFirst = true;
        foreach (JsonElement call in request.RootElement.EnumerateArray())
        {
            if (!isFirst) reply.Byte((byte)',');
            isFirst = false;
            AnswerCall(call, reply);
        }

        reply.Byte((byte)']');
    }

    private void AnswerCall(JsonElement call, ByteSink reply)
    {
        reply.Bytes("{\"result\":"u8);
        string? error = AnswerMethod(call.GetProperty("method").GetString()!, call.GetProperty("params"), reply);
        reply.Bytes("\"error\":"u8);
        Text(reply, error ?? "null");
        reply.Bytes(",\"id\":"u8);
        Text(reply, call.TryGetProperty("id", out JsonElement id) ? id.GetRawText() : "null");
        reply.Byte((byte)'}');
    }

    /// <summary>Writes the result and a comma.</summary>
    /// <returns>The error as JSON; null if there is none.</returns>
    private string? AnswerMethod(string method, JsonElement parameters, ByteSink reply)
    {
        switch (method)
        {
            case "getblock":
                return AnswerBlock(Hash256.Parse(parameters[0].GetString()!), reply);
            case "getblockhash" when parameters[0].GetInt32() is var height:
                if (height > store.TipHeight) return Fail(reply, -8, "Block height out of range");
                Text(reply, $"\"{store.Chain.Places[height].Hash}\",");
                return null;
            case "getbestblockhash":
                Text(reply, $"\"{store.Chain.Places[store.TipHeight].Hash}\",");
                return null;
            case "getblockcount":
                Text(reply, string.Create(CultureInfo.InvariantCulture, $"{store.TipHeight},"));
                return null;
            case "getrawmempool":
                Text(reply, "[],");
                return null;
            case "getinfo" or "getnetworkinfo":
                Text(reply, """{"version":160300,"subversion":"/Benchmark:0.1/","connections":1,"relayfee":0.00001,"warnings":""},""");
                return null;
            case "getchaintxstats" when store.Chain.Shape.KnowsTotal:
                Text(reply, string.Create(CultureInfo.InvariantCulture, $"{{\"txcount\":{store.Chain.Statistics.Transactions}}},"));
                return null;
            default:
                return Fail(reply, -32601, "Method not found");
        }
    }

    private string? AnswerBlock(Hash256 hash, ByteSink reply)
    {
        if (!store.TryFind(hash, out BlockPlace place)) return Fail(reply, -5, "Block not found");
        if (_raw.Length < place.Length) _raw = new byte[place.Length * 2];
        Span<byte> raw = _raw.AsSpan(0, place.Length);
        store.Read(place, raw);
        reply.Byte((byte)'"');
        Hex.Encode(raw, reply.Take(raw.Length * 2));
        reply.Bytes("\","u8);
        return null;
    }

    private static string Fail(ByteSink reply, int code, string message)
    {
        reply.Bytes("null,"u8);
        return string.Create(CultureInfo.InvariantCulture, $"{{\"code\":{code},\"message\":\"{message}\"}}");
    }

    private static void Text(ByteSink reply, string text) => Encoding.ASCII.GetBytes(text, reply.Take(text.Length));
}
