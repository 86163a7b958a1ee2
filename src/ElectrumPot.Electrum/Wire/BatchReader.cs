// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Unicode;

namespace ElectrumPot.Electrum.Wire;

/// <summary>Finds the members of a batch; the whole text is checked before any of them is acted upon.</summary>
public static class BatchReader
{
    /// <param name="json">Begins with a bracket.</param>
    /// <param name="members">Where each stands in the text.</param>
    public static RpcError? Read(ReadOnlySpan<byte> json, int maxMembers, out List<Range> members)
    {
        members = [];
        if (!Utf8.IsValid(json)) return RpcError.NotUtf8;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = RpcRequest.MaxDepth + 1 });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (members.Count == maxMembers)
                    return new RpcError(RpcError.LimitExceededCode, $"batch limit exceeded, at most {maxMembers} requests in one batch");
                members.Add(start..(int)reader.BytesConsumed);
            }

            // What follows the array is a syntax error that only another read finds.
            reader.Read();
        }
        catch (JsonException)
        {
            return RpcError.NotJson;
        }

        return members.Count == 0 ? RpcError.EmptyBatch : null;
    }
}
