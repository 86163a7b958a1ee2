// SPDX-License-Identifier: MIT

using System.Text.Json;
using Shouldly;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>Reads a reply as the strictest wallet does: exactly the members of JSON-RPC 2.0 and the very id that was sent.</summary>
internal static class StrictReply
{
    public static JsonElement Result(string? line, string id) => Member(line, id, "result");

    public static (int Code, string Message) Error(string? line, string id)
    {
        JsonElement error = Member(line, id, "error");
        Shape.Mismatch("{code:int,message:str}", error).ShouldBeNull(line);
        string message = error.GetProperty("message").GetString()!;
        message.ShouldNotBeEmpty(line);
        return (error.GetProperty("code").GetInt32(), message);
    }

    /// <summary>The form of 0.8 to 1.0 (protocol, "Error shapes by version").</summary>
    public static string LegacyError(string? line, string id)
    {
        JsonElement reply = Object(line);
        Names(reply).ShouldBe(["error", "id"], line);
        reply.GetProperty("id").GetRawText().ShouldBe(id, line);
        reply.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.String, line);
        string text = reply.GetProperty("error").GetString()!;
        text.ShouldNotBeEmpty(line);
        return text;
    }

    /// <returns>The arguments.</returns>
    public static JsonElement Notification(string? line, string method)
    {
        JsonElement notification = Object(line);
        Names(notification).ShouldBe(["jsonrpc", "method", "params"], line);
        notification.GetProperty("jsonrpc").GetString().ShouldBe("2.0", line);
        notification.GetProperty("method").GetString().ShouldBe(method, line);
        notification.GetProperty("params").ValueKind.ShouldBe(JsonValueKind.Array, line);
        return notification.GetProperty("params");
    }

    private static JsonElement Member(string? line, string id, string member)
    {
        JsonElement reply = Object(line);
        Names(reply).ShouldBe([.. new[] { "id", "jsonrpc", member }.Order(StringComparer.Ordinal)], line);
        reply.GetProperty("jsonrpc").GetString().ShouldBe("2.0", line);
        reply.GetProperty("id").GetRawText().ShouldBe(id, line);
        return reply.GetProperty(member);
    }

    private static JsonElement Object(string? line)
    {
        JsonElement reply = JsonElement.Parse(line.ShouldNotBeNull("the server closed the connection"));
        reply.ValueKind.ShouldBe(JsonValueKind.Object, line);
        return reply;
    }

    private static string[] Names(JsonElement reply) => [.. reply.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];
}
