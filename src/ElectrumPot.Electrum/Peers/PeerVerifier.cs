// SPDX-License-Identifier: MIT

using System.Net;
using System.Text;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Examines one peer (protocol, "Verification of a peer").</summary>
/// <param name="findObjection">Why a host at an address is not wanted, whatever it serves; null when nothing speaks against it.</param>
internal sealed class PeerVerifier(
    ElectrumOptions options, IChainSource chain, OwnIdentities own, PeerNetwork network, Func<PeerHost, IPAddress?, string?> findObjection, TimeProvider time)
{
    /// <summary>So far below the lower tip both chains are settled.</summary>
    private const int HeaderDepth = 10;

    /// <summary>A whole check in steps, each with the patience of one: enough to connect in vain and then to talk.</summary>
    private const int StepsAtMost = 3;

    private static readonly ProtocolVersion OldestSpoken = ProtocolVersion.V1_4;

    private readonly PeerDialer _dialer = new(options.Peers, network, time);

    /// <summary>Tries one way after the other until one leads to a conversation.</summary>
    public async Task<PeerCheck> CheckAsync(PeerTarget target, CancellationToken cancellation)
    {
        string problem = "no way leads there";
        using var patience = new CancellationTokenSource(StepsAtMost * _dialer.Patience(target.Host), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        if (!own.MayContact(target.Host)) return new PeerCheck(PeerVerdict.Bad, "would learn the address behind our .onion name");
        if (findObjection(target.Host, target.Host.Address) is { } known) return new PeerCheck(PeerVerdict.Bad, known);
        try
        {
            IReadOnlyList<PeerPorts> ports = target.OtherPorts is { } others ? [target.Ports, others] : [target.Ports];
            foreach (PeerRoute route in await _dialer.FindRoutesAsync(target.Host, ports, either.Token))
            {
                if (findObjection(target.Host, route.Address) is { } objection) throw new PeerDeviationException(objection);
                try
                {
                    return await ConverseAsync(route, either.Token);
                }
                catch (IOException failure)
                {
                    problem = failure.Message;
                }
            }
        }
        catch (IOException failure)
        {
            problem = failure.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            problem = "all ways together take too long";
        }
        catch (PeerDeviationException deviation)
        {
            return new PeerCheck(PeerVerdict.Bad, deviation.Message);
        }

        return new PeerCheck(PeerVerdict.Unreachable, PeerJson.Clean(problem));
    }

    private async Task<PeerCheck> ConverseAsync(PeerRoute route, CancellationToken cancellation)
    {
        await using Stream stream = await _dialer.OpenAsync(route, cancellation);
        using var patience = new CancellationTokenSource(_dialer.Patience(route.Host), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await using var client = new PeerClient(stream, options.Peers.MaxReplyBytes);
        try
        {
            return await ExamineAsync(client, route, either.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{route} is too slow", late);
        }
    }

    private async Task<PeerCheck> ExamineAsync(PeerClient client, PeerRoute route, CancellationToken cancellation)
    {
        (string software, ProtocolVersion version) = await NegotiateAsync(client, cancellation);
        Task<JsonElement> tip = client.Ask("blockchain.headers.subscribe", "[]");
        Task<JsonElement> features = client.Ask("server.features", "[]");
        Task<JsonElement> peers = client.Ask("server.peers.subscribe", "[]");
        await client.FlushAsync(cancellation);

        int height = ReadHeight(await tip.WaitAsync(cancellation));
        byte[]? expected = ReadOwnHeader(height, out int common);
        if (expected is null) return new PeerCheck(PeerVerdict.Postponed);
        JsonElement header = await client.CallAsync("blockchain.block.header", $"[{common}]", cancellation);
        if (!PeerJson.TryGetText(header, out string? hex) || !hex.Equals(Convert.ToHexStringLower(expected), StringComparison.OrdinalIgnoreCase))
            throw new PeerDeviationException($"has another block {common}");

        var check = new PeerCheck(PeerVerdict.Good) { Address = route.Address, ServerVersion = software };
        check = ReadFeatures(check, await features.WaitAsync(cancellation), route, version);
        if (!PeerJson.TryReadPeers(await peers.WaitAsync(cancellation), out List<PeerAnnouncement> others))
            throw new PeerDeviationException("sends a malformed list of peers");
        await AnnounceAsync(client, route, others, version, cancellation);
        return check with { Others = others };
    }

    private async Task<(string Software, ProtocolVersion Version)> NegotiateAsync(PeerClient client, CancellationToken cancellation)
    {
        JsonElement reply = await client.CallAsync(
            "server.version", $"""["{JsonEncodedText.Encode(options.ServerName)}",["{OldestSpoken}","{ProtocolVersion.Newest}"]]""", cancellation);
        if (reply.ValueKind != JsonValueKind.Array || reply.GetArrayLength() != 2
            || !PeerJson.TryGetText(reply[0], out string? software) || !PeerJson.TryGetText(reply[1], out string? text))
            throw new PeerDeviationException("does not tell its version as two texts");
        return ProtocolVersion.TryParse(text, out ProtocolVersion version) && version >= OldestSpoken && version <= ProtocolVersion.Newest
            ? (PeerJson.Clean(software), version)
            : throw new PeerDeviationException($"chose protocol version {PeerJson.Clean(text)}");
    }

    private static int ReadHeight(JsonElement tip) =>
        PeerJson.TryGetMember(tip, "height", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int height) && height >= 0
            ? height
            : throw new PeerDeviationException("does not tell its height");

    /// <returns>Null while we have no chain ourselves.</returns>
    private byte[]? ReadOwnHeader(int theirs, out int height)
    {
        using IChainSnapshot snapshot = chain.Acquire();
        height = Math.Max(0, Math.Min(snapshot.Height, theirs) - HeaderDepth);
        if (snapshot.Height < 0) return null;
        if (Math.Abs((long)snapshot.Height - theirs) > options.Peers.HeightWindow)
            throw new PeerDeviationException($"is at block {theirs} while we are at {snapshot.Height}");
        byte[] header = new byte[BlockHeader.Size];
        return snapshot.TryGetHeader(height, header) ? header : null;
    }

    private PeerCheck ReadFeatures(PeerCheck check, JsonElement json, PeerRoute route, ProtocolVersion version)
    {
        if (!PeerFeatures.TryRead(json, out PeerFeatures? features)) throw new PeerDeviationException("sends malformed features");
        if (features.GenesisHash != options.Coin.GenesisHash) throw new PeerDeviationException("serves another coin");
        foreach (PeerFeatures.HostEntry entry in features.Hosts)
        {
            if (!PeerHost.TryParse(entry.Name, out PeerHost? host) || host != route.Host) continue;
            // What answered is known better than what is said of it.
            return check with
            {
                Ports = route.IsTls ? entry.Ports with { Tls = route.Port } : entry.Ports with { Tcp = route.Port },
                ProtocolMax = features.ProtocolMax ?? version,
                Pruning = features.Pruning,
            };
        }

        throw new PeerDeviationException("does not call itself by this host name");
    }

    /// <summary>Asks the peer to add us, if it does not have us as we are. The answer changes nothing.</summary>
    private async Task AnnounceAsync(
        PeerClient client, PeerRoute route, List<PeerAnnouncement> others, ProtocolVersion version, CancellationToken cancellation)
    {
        // Through Tor the peer would see another address than ours.
        if (!options.Peers.Announce || route.Address is null || own.Clearnet is not { } host) return;
        if (others.Exists(other => other == own.ClearnetAnnouncement)) return;
        try
        {
            await client.CallAsync("server.add_peer", DescribeUs(host, version), cancellation);
        }
        catch (Exception failure) when (failure is PeerDeviationException or IOException or OperationCanceledException)
        {
            // Examined it is all the same.
        }
    }

    private string DescribeUs(AdvertisedHost first, ProtocolVersion version)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        writer.Raw((byte)'[');
        FeaturesWriter.Write(writer, options, [first, .. options.Hosts.Where(host => host != first)], version);
        writer.Raw((byte)']');
        return Encoding.UTF8.GetString(writer.Written);
    }
}
