// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.EndToEnd.Client;

/// <summary>What a server answers to a request that it refuses.</summary>
internal sealed class ElectrumErrorException(string method, int code, string message)
    : Exception($"{method}: {message} ({code})")
{
    public int Code { get; } = code;

    public string ServerMessage { get; } = message;
}

/// <summary>A line that a wallet would reject, whatever it says.</summary>
internal sealed class WireException(string what, string line)
    : Exception($"{what} in the line: {(line.Length > 500 ? line[..500] + "..." : line)}");

internal sealed record Notification(string Method, JsonElement Parameters);

/// <summary>The shape every message from the server must have for Electrum 3.3 and later to accept it, and for 1.9.8.1 not to fall over it.</summary>
internal static class ElectrumMessage
{
    /// <param name="isOfFirstEra">The session has agreed on 1.0 or older and gets errors as bare texts.</param>
    public static void CheckShape(JsonElement message, string line, bool isOfFirstEra = false)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new WireException("Not an object", line);
        if (isOfFirstEra && message.TryGetProperty("error", out JsonElement text) && text.ValueKind == JsonValueKind.String)
        {
            if (!message.EnumerateObject().Select(member => member.Name).SequenceEqual(["id", "error"])) throw new WireException("An ill-formed error", line);
            return;
        }

        if (!message.TryGetProperty("jsonrpc", out JsonElement marker) || marker.GetString() != "2.0")
            throw new WireException("No \"jsonrpc\":\"2.0\"", line);
        if (message.EnumerateObject().GroupBy(member => member.Name).Any(members => members.Count() > 1))
            throw new WireException("A doubled member", line);

        bool result = message.TryGetProperty("result", out _);
        bool error = message.TryGetProperty("error", out JsonElement errorValue);
        if (message.TryGetProperty("method", out _))
        {
            if (message.TryGetProperty("id", out _)) throw new WireException("A request from the server", line);
            if (result || error) throw new WireException("A notification with an answer", line);
            if (message.GetProperty("params").ValueKind != JsonValueKind.Array) throw new WireException("Parameters by name", line);
            return;
        }

        if (!message.TryGetProperty("id", out _)) throw new WireException("Neither id nor method", line);
        if (result == error) throw new WireException("Not exactly one of result and error", line);
        if (error && (errorValue.ValueKind != JsonValueKind.Object
                      || !errorValue.GetProperty("code").TryGetInt32(out _)
                      || errorValue.GetProperty("message").ValueKind != JsonValueKind.String))
        {
            throw new WireException("An ill-formed error object", line);
        }
    }
}
