// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Simulation;

/// <summary>Writes replies header by header as potcoind does (<c>HTTPReply</c>), in its small pieces.</summary>
internal sealed class HttpReplyWriter(DevNodeOptions options, Faults faults)
{
    /// <summary>The buffer of boost's stream: what is larger leaves in several writes.</summary>
    private const int PieceSize = 4096;

    private const string UnauthorizedPage =
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"\r\n"
        + "\"http://www.w3.org/TR/1999/REC-html401-19991224/loose.dtd\">\r\n"
        + "<HTML>\r\n<HEAD>\r\n<TITLE>Error</TITLE>\r\n"
        + "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-1'>\r\n"
        + "</HEAD>\r\n<BODY><H1>401 Unauthorized.</H1></BODY>\r\n</HTML>\r\n";

    private readonly string _server = "potcoin-json-rpc/" + options.Version switch
    {
        DevNodeVersion.Pow0864 => "v0.8.6.4-unk",
        DevNodeVersion.Og0950 => "v0.9.5.0-beta",
        _ => "v0.8.7.2-POSv",
    };

    /// <returns>False when a fault has cut the reply: the connection is to be closed.</returns>
    public ValueTask<bool> WriteAsync(Socket socket, int status, byte[] body, bool keepAlive, CancellationToken cancellationToken)
    {
        if (faults.TruncateReply is { } length && length < body.Length)
            body = body[..length];
        string reason = status switch
        {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            _ => "Internal Server Error",
        };
        string header = $"HTTP/1.1 {status} {reason}\r\nDate: {Date()}\r\nConnection: {(keepAlive ? "keep-alive" : "close")}\r\n"
            + $"Content-Length: {body.Length}\r\nContent-Type: application/json\r\nServer: {_server}\r\n\r\n";
        return SendAsync(socket, [.. Encoding.ASCII.GetBytes(header), .. body], cancellationToken);
    }

    public async ValueTask WriteUnauthorizedAsync(Socket socket, CancellationToken cancellationToken)
    {
        string reply = $"HTTP/1.0 401 Authorization Required\r\nDate: {Date()}\r\nServer: {_server}\r\n"
            + "WWW-Authenticate: Basic realm=\"jsonrpc\"\r\nContent-Type: text/html\r\n"
            + $"Content-Length: {UnauthorizedPage.Length}\r\n\r\n{UnauthorizedPage}";
        await SendAsync(socket, Encoding.ASCII.GetBytes(reply), cancellationToken);
    }

    private async ValueTask<bool> SendAsync(Socket socket, byte[] reply, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> left = reply;
        bool isWhole = true;
        if (faults.DropConnectionAfterBytes is { } limit && limit < left.Length)
        {
            left = left[..limit];
            isWhole = false;
        }

        int piece = options.SlowWrites ? PieceSize : int.MaxValue;
        while (!left.IsEmpty)
        {
            int sent = await socket.SendAsync(left[..Math.Min(piece, left.Length)], cancellationToken);
            left = left[sent..];
        }

        return isWhole;
    }

    private string Date() => options.TimeProvider.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
