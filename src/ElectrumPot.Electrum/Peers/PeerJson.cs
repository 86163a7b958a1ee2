// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Careful looks into JSON that a stranger wrote.</summary>
internal static class PeerJson
{
    private const int MaxTextLength = 80;

    /// <returns>False for anything but a text without halves of surrogate pairs.</returns>
    public static bool TryGetText(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (element.ValueKind != JsonValueKind.String) return false;
        try
        {
            text = element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
        }

        return text is not null;
    }

    public static bool TryGetMember(JsonElement element, string name, out JsonElement member)
    {
        member = default;
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out member);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in the name of a member.
            return false;
        }
    }

    /// <summary>Fit for one line of a log, however it was meant.</summary>
    public static string Clean(string text) =>
        string.Concat(text.Take(MaxTextLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c));

    /// <summary>A list of peers as <c>server.peers.subscribe</c> answers it.</summary>
    /// <param name="element">What a peer sent.</param>
    /// <param name="peers">Those of valid hosts and ports; others are left out.</param>
    /// <returns>False when it is no list of triples.</returns>
    public static bool TryReadPeers(JsonElement element, out List<PeerAnnouncement> peers)
    {
        peers = [];
        if (element.ValueKind != JsonValueKind.Array) return false;
        foreach (JsonElement member in element.EnumerateArray())
        {
            if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() != 3
                || !TryGetText(member[0], out _) || !TryGetText(member[1], out string? host) || !TryReadTokens(member[2], out List<string> tokens)) return false;
            if (PeerAnnouncement.TryParse(host, tokens, out PeerAnnouncement? peer)) peers.Add(peer);
        }

        return true;
    }

    private static bool TryReadTokens(JsonElement element, out List<string> tokens)
    {
        tokens = [];
        if (element.ValueKind != JsonValueKind.Array) return false;
        foreach (JsonElement token in element.EnumerateArray())
        {
            if (!TryGetText(token, out string? text)) return false;
            tokens.Add(text);
        }

        return true;
    }
}
