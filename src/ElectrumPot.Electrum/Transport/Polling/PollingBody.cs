// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Unicode;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>
/// Reads the body of a POST: one request, or an array of requests that have nothing to do with each other
/// (protocol, "HTTP polling transport").
/// </summary>
internal static class PollingBody
{
    private static readonly RpcError NoMarker = new(RpcError.InvalidRequestCode, "the request has neither jsonrpc nor id");
    private static readonly RpcError NoRequest = new(RpcError.InvalidRequestCode, "no request data");
    private static readonly RpcError WrongParams = new(RpcError.InvalidRequestCode, "params must be an array or an object");

    /// <param name="body">Any bytes at all.</param>
    /// <param name="lines">Receives the requests, each with an LF behind it.</param>
    /// <param name="faults">Receives an error for each member that is none.</param>
    /// <param name="maxFaults">More of them and the whole body is refused: they cost the client nothing and may be longer than it.</param>
    /// <param name="awaited">How many of the requests get a reply.</param>
    /// <returns>Why the whole body is refused, whatever was written; null when it is not.</returns>
    public static RpcError? Read(ReadOnlySpan<byte> body, ReplyWriter lines, PollingReply faults, int maxFaults, out int awaited)
    {
        awaited = 0;
        if (!Utf8.IsValid(body)) return RpcError.NotUtf8;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RpcRequest.MaxDepth + 1 });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                int members = 0;
                for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; members++)
                {
                    awaited += ReadMember(ref reader, body, lines, faults);
                    if (faults.Count > maxFaults) return TooManyFaults(maxFaults);
                }

                if (members == 0) return NoRequest;
            }
            else
            {
                awaited = ReadMember(ref reader, body, lines, faults);
            }

            // What follows is a syntax error that only another read finds.
            reader.Read();
            return null;
        }
        catch (Exception failure) when (RpcRequest.IsSyntaxError(failure))
        {
            return RpcError.NotJson;
        }
    }

    private static RpcError TooManyFaults(int maxFaults) =>
        new(RpcError.LimitExceededCode, $"batch limit exceeded, more than {maxFaults} members are no requests");

    /// <returns>How many replies it gets: one or none.</returns>
    private static int ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ReplyWriter lines, PollingReply faults)
    {
        int start = (int)reader.TokenStartIndex;
        ReadOnlySpan<byte> id = [];
        RpcError? error = reader.TokenType == JsonTokenType.StartObject ? CheckObject(ref reader, body, out id) : RpcError.NotAnObject;
        reader.Skip();
        if (error is not null)
        {
            faults.Add(error, id);
            return 0;
        }

        AddLine(body[start..(int)reader.BytesConsumed], lines);
        return id.IsEmpty ? 0 : 1;
    }

    /// <summary>What the server of 2014 wanted of a request before it looked at its method.</summary>
    private static RpcError? CheckObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> id)
    {
        id = [];
        RpcError? wrong = RpcError.NoMethod;
        bool isMarked = false, paramsAreWrong = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isId = reader.ValueTextEquals("id"u8);
            bool isMethod = reader.ValueTextEquals("method"u8);
            bool isParams = reader.ValueTextEquals("params"u8);
            isMarked |= isId || reader.ValueTextEquals("jsonrpc"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            JsonTokenType type = reader.TokenType;
            reader.Skip();
            if (isId) id = type == JsonTokenType.Null ? [] : body[start..(int)reader.BytesConsumed];
            if (isMethod) wrong = type == JsonTokenType.String ? null : RpcError.NoMethod;
            if (isParams) paramsAreWrong = type is not (JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Null);
        }

        if (!isMarked) return NoMarker;
        return wrong ?? (paramsAreWrong ? WrongParams : null);
    }

    /// <summary>Line ends within JSON are white space between tokens, which a line cannot hold.</summary>
    private static void AddLine(ReadOnlySpan<byte> json, ReplyWriter lines)
    {
        while (json.IndexOf((byte)'\n') is var end and >= 0)
        {
            lines.Raw(json[..end]);
            lines.Raw((byte)' ');
            json = json[(end + 1)..];
        }

        lines.Raw(json);
        lines.Raw((byte)'\n');
    }
}
