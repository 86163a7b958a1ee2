// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Versions;

/// <summary>What a wallet asks for in <c>server.version</c> (protocol, "Forms of the request").</summary>
public readonly record struct VersionRange(ProtocolVersion Min, ProtocolVersion Max)
{
    /// <summary>
    /// Reads the second argument: <c>"1.4"</c>, <c>["1.4", "1.6"]</c>, or a number in the place of a text.
    /// </summary>
    /// <param name="json">The argument's JSON text; empty when absent.</param>
    /// <param name="range">Null when nothing was asked for: absent, null, or an empty text.</param>
    /// <returns>False when it is none of these forms.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out VersionRange? range)
    {
        range = null;
        if (json.IsEmpty) return true;
        var reader = new Utf8JsonReader(json, RpcRequest.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (!TryReadOne(ref reader, out ProtocolVersion? single)) return false;
            if (single is { } version) range = new VersionRange(version, version);
            return true;
        }

        if (!reader.Read() || !TryReadOne(ref reader, out ProtocolVersion? min)
            || !reader.Read() || !TryReadOne(ref reader, out ProtocolVersion? max)
            || !reader.Read() || reader.TokenType != JsonTokenType.EndArray
            || min is null || max is null) return false;
        range = new VersionRange(min.Value, max.Value);
        return true;
    }

    /// <summary>Every version there is.</summary>
    public static VersionRange All { get; } = new(ProtocolVersion.Oldest, ProtocolVersion.Newest);

    public bool Contains(ProtocolVersion version) => version >= Min && version <= Max;

    /// <summary>
    /// The newest defined version that both sides speak. What is older than 0.8 is served as 0.8, of which it is a part.
    /// </summary>
    /// <param name="served">What the server speaks.</param>
    /// <returns>False when there is none in common.</returns>
    public bool TryChoose(VersionRange served, out ProtocolVersion chosen)
    {
        chosen = ProtocolVersion.Oldest;
        if (Max < ProtocolVersion.Oldest) return Min <= Max && served.Contains(chosen);
        for (int i = ProtocolVersion.Served.Count - 1; i >= 0; i--)
        {
            chosen = ProtocolVersion.Served[i];
            if (Contains(chosen) && served.Contains(chosen)) return true;
        }

        return false;
    }

    private static bool TryReadOne(ref Utf8JsonReader reader, out ProtocolVersion? version)
    {
        version = null;
        string? text = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String when reader.ValueSpan.Length <= 32 && !reader.ValueIsEscaped:
                text = reader.GetString();
                if (string.IsNullOrWhiteSpace(text)) return true;
                break;
            case JsonTokenType.Number when reader.TryGetDouble(out double number):
                text = number.ToString(CultureInfo.InvariantCulture);
                break;
        }

        if (text is null || !ProtocolVersion.TryParse(text.AsSpan().Trim(), out ProtocolVersion parsed)) return false;
        version = parsed;
        return true;
    }
}
