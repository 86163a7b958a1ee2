// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Peers;

/// <summary>
/// The reply to <c>server.peers.subscribe</c>: ourselves, then verified peers, no operator more than twice (protocol,
/// "What to return in server.peers.subscribe"). Kept until something changes, for every wallet asks.
/// </summary>
internal sealed class PeerListWriter(ElectrumOptions options, OwnIdentities own, PeerTable table, TimeProvider time)
{
    private const int PerBucket = 2;
    private const int OnionsAlways = 10;
    private const int OnionsForTor = 50;

    /// <summary>Clearnet peers per .onion host.</summary>
    private const int OnionShare = 4;

    private static readonly TimeSpan RecentFor = TimeSpan.FromHours(3);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private Kept? _forAll;
    private Kept? _forTor;

    /// <summary>The JSON text of the result; never null, at worst empty.</summary>
    public ReadOnlyMemory<byte> Get(bool isCallerOnTor)
    {
        ref Kept? kept = ref isCallerOnTor ? ref _forTor : ref _forAll;
        long changes = table.Changes;
        if (Volatile.Read(ref kept) is { } last && last.Changes == changes && time.GetElapsedTime(last.MadeAt) < KeptFor) return last.Json;
        var made = new Kept(changes, time.GetTimestamp(), Make(isCallerOnTor));
        Volatile.Write(ref kept, made);
        return made.Json;
    }

    private byte[] Make(bool isCallerOnTor)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        writer.Raw((byte)'[');
        foreach (AdvertisedHost host in own.Public) WriteOwn(writer, host);
        foreach (Entry peer in Choose(isCallerOnTor)) WritePeer(writer, peer);
        writer.Raw((byte)']');
        return writer.Written.ToArray();
    }

    private IEnumerable<Entry> Choose(bool isCallerOnTor)
    {
        DateTimeOffset now = time.GetUtcNow();
        // A clock that was set back makes no peer old.
        List<Entry> recent = table.Select(
            peer => peer.State == PeerState.Good && !IsBareIPv6(peer.Host) && peer.Ports.IsUsable && peer.LastGood is { } good && now - good <= RecentFor
                ? new Entry(peer.Host, peer.Address ?? peer.Host.Address, peer.Ports, peer.ProtocolMax, peer.Pruning)
                : null).OfType<Entry>().ToList();
        Entry[] shuffled = [.. recent];
        Random.Shared.Shuffle(shuffled);
        List<Entry> clearnet = [.. shuffled
            .Where(peer => !peer.Host.IsOnion && peer.Address is not null)
            .GroupBy(peer => AddressRules.OperatorBucket(peer.Address!))
            .SelectMany(bucket => bucket.Take(PerBucket))];
        int onions = isCallerOnTor ? OnionsForTor : Math.Max(OnionsAlways, clearnet.Count / OnionShare);
        return clearnet.Concat(shuffled.Where(peer => peer.Host.IsOnion).Take(onions));
    }

    /// <summary>Wallets drop entries without a port for lines, so a host that has none is left out.</summary>
    private void WriteOwn(ReplyWriter writer, AdvertisedHost host)
    {
        if ((host.TcpPort is null && host.TlsPort is null) || (PeerHost.TryParse(host.Name, out PeerHost? parsed) && IsBareIPv6(parsed))) return;
        Begin(writer, host.Name, host.Name, options.Protocol.Max, options.PruningLimit > 0 ? options.PruningLimit : null);
        WriteToken(writer, 't', host.TcpPort);
        WriteToken(writer, 's', host.TlsPort);
        WriteToken(writer, 'h', host.HttpPort);
        WriteToken(writer, 'g', host.HttpTlsPort);
        writer.Raw("]]"u8);
    }

    /// <summary>Electrum 2.x keeps servers as <c>host:port:protocol</c> and breaks on a host with colons of its own.</summary>
    private static bool IsBareIPv6(PeerHost host) => host.Address is { AddressFamily: AddressFamily.InterNetworkV6 };

    private static void WritePeer(ReplyWriter writer, Entry peer)
    {
        Begin(writer, peer.Address?.ToString() ?? peer.Host.Name, peer.Host.Name, peer.ProtocolMax ?? ProtocolVersion.V1_4, peer.Pruning);
        WriteToken(writer, 't', peer.Ports.Tcp);
        WriteToken(writer, 's', peer.Ports.Tls);
        writer.Raw("]]"u8);
    }

    /// <summary>Wallets of 2014 read the version as a decimal fraction, so it has two numbers, never three.</summary>
    private static void Begin(ReplyWriter writer, string address, string host, ProtocolVersion version, int? pruning)
    {
        if (writer.Length > 1) writer.Raw((byte)',');
        writer.Raw((byte)'[');
        writer.String(address);
        writer.Raw((byte)',');
        writer.String(host);
        writer.Raw(",["u8);
        writer.String($"v{version.Major}.{version.Minor}");
        WriteToken(writer, 'p', pruning);
    }

    private static void WriteToken(ReplyWriter writer, char letter, int? number)
    {
        if (number is not { } value) return;
        writer.Raw((byte)',');
        writer.String($"{letter}{value}");
    }

    private sealed record Kept(long Changes, long MadeAt, byte[] Json);

    private sealed record Entry(PeerHost Host, IPAddress? Address, PeerPorts Ports, ProtocolVersion? ProtocolMax, int? Pruning);
}
