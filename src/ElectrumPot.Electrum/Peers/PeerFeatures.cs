// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum.Peers;

/// <summary>What a peer says of itself (protocol, "Features dictionary"). Unknown keys are passed over.</summary>
internal sealed record PeerFeatures(Hash256 GenesisHash, IReadOnlyList<PeerFeatures.HostEntry> Hosts)
{
    /// <summary>Nobody has more names; a dictionary with more is not read to its end.</summary>
    private const int MaxHosts = 16;

    public ProtocolVersion? ProtocolMax { get; private init; }

    public int? Pruning { get; private init; }

    /// <returns>False without a genesis hash or without a dictionary of hosts, where each has valid ports or none.</returns>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out PeerFeatures? features)
    {
        features = null;
        if (!PeerJson.TryGetMember(element, "genesis_hash", out JsonElement genesis) || !PeerJson.TryGetText(genesis, out string? hex)
            || !Hash256.TryParse(hex.AsSpan(), out Hash256 hash)
            || !PeerJson.TryGetMember(element, "hosts", out JsonElement hosts) || hosts.ValueKind != JsonValueKind.Object) return false;
        var entries = new List<HostEntry>();
        foreach (JsonProperty host in hosts.EnumerateObject())
        {
            if (entries.Count == MaxHosts) break;
            if (!TryReadName(host, out string? name) || !TryReadPort(host.Value, "tcp_port", out int? tcp) || !TryReadPort(host.Value, "ssl_port", out int? tls)) return false;
            entries.Add(new HostEntry(name, new PeerPorts(tcp, tls)));
        }

        features = new PeerFeatures(hash, entries)
        {
            ProtocolMax = PeerJson.TryGetMember(element, "protocol_max", out JsonElement max) && PeerJson.TryGetText(max, out string? text)
                && ProtocolVersion.TryParse(text, out ProtocolVersion version) ? version : null,
            Pruning = PeerJson.TryGetMember(element, "pruning", out JsonElement pruning) && pruning.ValueKind == JsonValueKind.Number
                && pruning.TryGetInt32(out int limit) && limit >= 0 ? limit : null,
        };
        return true;
    }

    private static bool TryReadName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        name = null;
        try
        {
            name = property.Name;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
        }

        return name is not null;
    }

    private static bool TryReadPort(JsonElement host, string key, out int? port)
    {
        port = null;
        if (!PeerJson.TryGetMember(host, key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number) || !PeerPorts.IsPort(number)) return false;
        port = number;
        return true;
    }

    /// <param name="Name">As it was written; not checked.</param>
    internal readonly record struct HostEntry(string Name, PeerPorts Ports);
}
