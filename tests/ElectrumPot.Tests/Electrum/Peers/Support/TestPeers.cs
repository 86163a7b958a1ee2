// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Support;

namespace ElectrumPot.Tests.Electrum.Peers.Support;

/// <summary>Short ways to what peers are made of.</summary>
internal static class TestPeers
{
    public const string Onion = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion";

    public static ElectrumOptions Options(PeerOptions peers, params AdvertisedHost[] hosts) => new()
    {
        Coin = CoinRegistry.BuiltIn.Get("potcoin"),
        Endpoints = [],
        ServerName = "ElectrumPot 1.2.3",
        Hosts = hosts,
        Peers = peers,
    };

    public static PeerHost Host(string text) => PeerHost.TryParse(text, out PeerHost? host) ? host : throw new ArgumentException(text);

    public static PeerAnnouncement Announce(string text) =>
        PeerAnnouncement.TryParse(text, out PeerAnnouncement? announcement) ? announcement : throw new ArgumentException(text);

    public static OwnIdentities Nobody { get; } = new([], AddressRules.IsPublic);

    public static PeerTable Table(PeerOptions? options, ManualTime time) => new(options ?? new PeerOptions(), Nobody, time);

    public static string OnionOf(int number) => $"{number.ToString("d6").Replace('0', 'a').Replace('1', 'b').Replace('8', 'c').Replace('9', 'd')}{new string('a', 50)}.onion";

    /// <summary>Lets a peer be known and found good at an address; null: through Tor.</summary>
    public static void AddGood(this PeerTable table, string announcement, string? address)
    {
        PeerAnnouncement announced = Announce(announcement);
        table.Learn(announced, "test");
        table.Complete(announced.Host, Good(announced.Ports, address));
    }

    public static PeerCheck Good(PeerPorts ports, string? address) =>
        new(PeerVerdict.Good) { Ports = ports, Address = address is null ? null : IPAddress.Parse(address), ServerVersion = "Scripted 1.0" };
}
