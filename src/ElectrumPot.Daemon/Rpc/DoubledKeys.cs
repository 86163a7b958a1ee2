// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text.Json;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// 0.8.7.2 writes the key "time" twice into a verbose transaction: first nTime of the transaction, then the time of its
/// block. Wallets know the second meaning, and may refuse the first key being there at all.
/// </summary>
internal static class DoubledKeys
{
    /// <summary>Copies an object; of a key that occurs twice at its top level the last occurrence stays, at its place.</summary>
    /// <param name="json">One JSON object.</param>
    public static JsonElement Remove(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        JsonElement element = JsonElement.ParseValue(ref reader);
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        int count = 0;
        foreach (JsonProperty property in element.EnumerateObject())
            last[property.Name] = count++;
        return last.Count == count ? element : CopyLast(element, last);
    }

    private static JsonElement CopyLast(JsonElement element, Dictionary<string, int> last)
    {
        var copy = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(copy))
        {
            writer.WriteStartObject();
            int index = 0;
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (last[property.Name] == index++)
                    property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(copy.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
