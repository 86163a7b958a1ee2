// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Writes an error in the shape of its era (protocol, "Error shapes by version").</summary>
internal static class ErrorReply
{
    /// <summary>
    /// Up to 1.0 an error was a bare text. Only a wallet that has agreed on such a version gets it, and only if its
    /// request does not call itself JSON-RPC 2.0: scripts that never negotiate expect an object.
    /// </summary>
    public static bool IsBareText(Session session, RpcRequest request) =>
        session.IsNegotiated && session.IsLegacy && !request.SaysVersion2;

    public static void Write(ReplyWriter reply, ReadOnlySpan<byte> id, RpcError error, bool isBareText)
    {
        if (!isBareText)
        {
            reply.Error(id, error);
            return;
        }

        reply.Limit = int.MaxValue;
        reply.Raw("{\"id\":"u8);
        reply.Raw(id.IsEmpty ? "null"u8 : id);
        reply.Raw(",\"error\":"u8);
        reply.String(error.Message);
        reply.Raw((byte)'}');
    }

    /// <summary>What 2014 said to a line that is no request; the line itself comes back, cut to a length fit to be read.</summary>
    public static void WriteMalformed(ReplyWriter reply, ReadOnlySpan<byte> message, RpcError error)
    {
        reply.Limit = int.MaxValue;
        reply.Raw(error.Code == RpcError.ParseErrorCode ? "{\"error\":\"bad JSON\",\"request\":"u8 : "{\"error\":\"syntax error\",\"request\":"u8);
        reply.String(ScriptQueries.Quote(message));
        reply.Raw((byte)'}');
    }
}
