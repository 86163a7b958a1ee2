// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.Json;

namespace ElectrumPot.Electrum.Peers;

/// <summary>
/// Servers that the operator does not want as peers: hosts, <c>*.domain</c> for all hosts of a domain, or IP addresses
/// (protocol, "Blacklist").
/// </summary>
internal sealed class Blacklist
{
    public const string Objection = "is on the blacklist";

    private const string AllOf = "*.";

    private readonly HashSet<string> _entries;

    private Blacklist(IEnumerable<string> entries) =>
        _entries = entries.Select(entry => entry.Trim().ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);

    public static Blacklist Empty { get; } = new([]);

    public int Count => _entries.Count;

    /// <exception cref="JsonException">It is no JSON list of texts.</exception>
    public static Blacklist Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("it is no list");
        return new Blacklist([.. document.RootElement.EnumerateArray().Select(
            element => PeerJson.TryGetText(element, out string? text) ? text : throw new JsonException($"an entry is no readable text but {element.ValueKind}"))]);
    }

    /// <param name="address">Of the host, where it is known.</param>
    public bool Includes(PeerHost host, IPAddress? address)
    {
        if (_entries.Count == 0) return false;
        if (_entries.Contains(host.Name) || (address is not null && _entries.Contains(address.ToString()))) return true;
        if (host.Kind == PeerHostKind.Address) return false;
        for (int dot = host.Name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.Name.IndexOf('.', dot + 1))
        {
            if (_entries.Contains(string.Concat(AllOf, host.Name.AsSpan(dot + 1)))) return true;
        }

        // The domain itself is one of its hosts.
        return _entries.Contains(AllOf + host.Name);
    }
}
