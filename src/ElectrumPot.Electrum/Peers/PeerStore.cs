// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Text.Json;
using ElectrumPot.Electrum.Versions;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Peers over a restart: one JSON file, always whole. Losing it costs no more than finding the peers again.</summary>
internal sealed class PeerStore(string path, ILogger log)
{
    private const int MaxBytes = 10_000_000;

    /// <summary>What was written last, as far as it can still be true; nothing from a damaged file.</summary>
    public IReadOnlyList<Peer> Load(DateTimeOffset now)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return [];
            if (file.Length > MaxBytes) throw new JsonException("it is too large");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("it is no list");
            return [.. document.RootElement.EnumerateArray().Select(element => Read(element, now)).OfType<Peer>()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            log.LogWarning("the peers of the last run are ignored, for {File} cannot be used: {Reason}", path, failure.Message);
            return [];
        }
    }

    /// <param name="entries">Made by <see cref="Write"/>.</param>
    public void Save(IEnumerable<byte[]> entries)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (byte[] entry in entries) writer.WriteRawValue(entry);
            writer.WriteEndArray();
        }

        string draft = path + ".new";
        try
        {
            File.WriteAllBytes(draft, text.WrittenSpan);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("the peers cannot be written to {File}: {Reason}", path, failure.Message);
        }
    }

    public static byte[] Write(Peer peer)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("host", peer.Host.Name);
            WriteNumber(writer, "tcp_port", peer.Ports.Tcp);
            WriteNumber(writer, "ssl_port", peer.Ports.Tls);
            writer.WriteString("source", peer.Source);
            if (peer.Address is { } address) writer.WriteString("ip", address.ToString());
            writer.WriteString("server_version", peer.ServerVersion);
            if (peer.ProtocolMax is { } version) writer.WriteString("protocol_max", version.ToString());
            WriteNumber(writer, "pruning", peer.Pruning);
            if (peer.LastGood is { } good) writer.WriteString("last_good", good);
            writer.WriteBoolean("good", peer.State == PeerState.Good);
            writer.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } value) writer.WriteNumber(name, value);
    }

    private static Peer? Read(JsonElement element, DateTimeOffset now)
    {
        if (!PeerHost.TryParse(Text(element, "host"), out PeerHost? host)) return null;
        var ports = new PeerPorts(Number(element, "tcp_port"), Number(element, "ssl_port"));
        if (ports is { Tcp: { } tcp } && !PeerPorts.IsPort(tcp)) return null;
        if (ports is { Tls: { } tls } && !PeerPorts.IsPort(tls)) return null;
        if (!ports.IsUsable) return null;
        DateTimeOffset? good = DateTimeOffset.TryParse(Text(element, "last_good"), out DateTimeOffset time) ? time : null;
        bool wasGood = PeerJson.TryGetMember(element, "good", out JsonElement state) && state.ValueKind == JsonValueKind.True;
        return new Peer(host, ports, PeerJson.Clean(Text(element, "source")))
        {
            // A clock that was wrong then must not keep a peer for ever.
            LastGood = good > now ? now : good,
            State = wasGood && good is not null ? PeerState.Good : PeerState.Unchecked,
            Address = IPAddress.TryParse(Text(element, "ip"), out IPAddress? address) ? address : null,
            ServerVersion = PeerJson.Clean(Text(element, "server_version")),
            ProtocolMax = ProtocolVersion.TryParse(Text(element, "protocol_max"), out ProtocolVersion version) ? version : null,
            Pruning = Number(element, "pruning"),
        };
    }

    private static string Text(JsonElement element, string name) =>
        PeerJson.TryGetMember(element, name, out JsonElement member) && PeerJson.TryGetText(member, out string? text) ? text : "";

    private static int? Number(JsonElement element, string name) =>
        PeerJson.TryGetMember(element, name, out JsonElement member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out int number) && number >= 0 ? number : null;
}
