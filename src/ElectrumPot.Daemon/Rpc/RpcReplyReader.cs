// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// Finds the answers in a reply. Knows no object model and so no duplicate keys: 0.8.7.2 writes "time" twice into a
/// verbose transaction, at which stricter parsers fail.
/// </summary>
internal static class RpcReplyReader
{
    /// <param name="reply">The array that answers a batch, or the single object with which a daemon refuses a whole request.</param>
    /// <param name="count">Number of calls; their ids are 0 to count - 1.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="MalformedReplyException">An answer is missing, unasked for or neither result nor error.</exception>
    public static RpcAnswer[] Read(ReadOnlySpan<byte> reply, int count)
    {
        var reader = new Utf8JsonReader(reply);
        var answers = new RpcAnswer[count];
        if (!reader.Read())
            throw new MalformedReplyException("the daemon sent an empty reply");
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            RefuseAll(ref reader, answers);
            return answers;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MalformedReplyException("the daemon's reply is neither an array nor an object");
        var seen = new bool[count];
        int found = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            (int id, RpcAnswer answer) = ReadAnswer(ref reader);
            if ((uint)id >= (uint)count || seen[id])
                throw new MalformedReplyException($"the daemon answered a call that was not made (id {id} of {count})");
            seen[id] = true;
            answers[id] = answer;
            found++;
        }

        if (found != count)
            throw new MalformedReplyException($"the daemon answered {found} of {count} calls");
        return answers;
    }

    private static void RefuseAll(ref Utf8JsonReader reader, RpcAnswer[] answers)
    {
        (_, RpcAnswer answer) = ReadAnswer(ref reader);
        if (answer.Error is null)
            throw new MalformedReplyException("the daemon answered a batch with a single result");
        Array.Fill(answers, answer);
    }

    private static (int Id, RpcAnswer Answer) ReadAnswer(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new MalformedReplyException($"the daemon's reply holds {reader.TokenType} where an answer belongs");
        int id = -1;
        var answer = new RpcAnswer(0, 0, JsonTokenType.Null, Error: null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("result"u8))
                answer = ReadResult(ref reader) with { Error = answer.Error };
            else if (reader.ValueTextEquals("error"u8))
                answer = answer with { Error = ReadError(ref reader) };
            else if (reader.ValueTextEquals("id"u8))
                id = ReadId(ref reader);
            else
                reader.Skip();
        }

        return (id, answer);
    }

    private static int ReadId(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int id))
            return id;
        reader.Skip();
        return -1;
    }

    private static RpcAnswer ReadResult(ref Utf8JsonReader reader)
    {
        reader.Read();
        JsonTokenType type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        if (type == JsonTokenType.String)
            return new RpcAnswer(start + 1, reader.ValueSpan.Length, type, Error: null);
        reader.Skip();
        return new RpcAnswer(start, (int)reader.BytesConsumed - start, type, Error: null);
    }

    private static RpcError? ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new RpcError(RpcErrorCode.Misc, "the daemon gave an error without code and message");
        }

        int code = RpcErrorCode.Misc;
        string message = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isCode = reader.ValueTextEquals("code"u8);
            bool isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value))
                code = value;
            else if (isMessage && reader.TokenType == JsonTokenType.String)
                message = Text(ref reader);
            else
                reader.Skip();
        }

        return new RpcError(code, message);
    }

    /// <summary>A message is for people: one that is not UTF-8 is shown as well as it can be.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
