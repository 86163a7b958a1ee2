// SPDX-License-Identifier: MIT

using System.Text;

namespace ElectrumPot.Tests.Daemon;

/// <summary>What goes back, byte for byte, and what happens to the connection.</summary>
internal sealed record ScriptedReply(string Text)
{
    public bool Close { get; init; }

    /// <summary>Awaited before the first byte.</summary>
    public Task? Until { get; init; }

    /// <summary>Bytes in each write; 0 for one write.</summary>
    public int PieceSize { get; init; }

    public static ScriptedReply Ok(string body) => Http("HTTP/1.1 200 OK", body);

    public static ScriptedReply Http(string statusLine, string body, string type = "application/json") => new(
        $"{statusLine}\r\nConnection: keep-alive\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nContent-Type: {type}\r\n"
            + $"Server: potcoin-json-rpc/v0.8.7.2-test\r\n\r\n{body}");

    /// <summary>The connection ends without an answer.</summary>
    public static ScriptedReply Nothing => new("") { Close = true };

    /// <summary>The connection stays, and stays silent.</summary>
    public static ScriptedReply Silence => new("");
}
