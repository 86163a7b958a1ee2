// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Electrum.Peers;

public enum PeerHostKind
{
    /// <summary>A name that DNS resolves.</summary>
    Name,

    /// <summary>An IP address.</summary>
    Address,

    /// <summary>A hidden service of Tor, version 3.</summary>
    Onion,
}

/// <summary>
/// Host of a server, checked for its form and in its only spelling: equal hosts are equal. Never a local name, for what
/// is told to others must mean the same to them.
/// </summary>
public sealed record PeerHost
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;
    private const int OnionLabelLength = 56;

    private static readonly string[] LocalDomains = ["localhost", "local", "internal", "lan", "home", "invalid", "arpa"];

    private PeerHost(string name, PeerHostKind kind, IPAddress? address = null)
    {
        Name = name;
        Kind = kind;
        Address = address;
    }

    /// <summary>In lower case; an IPv6 address without brackets.</summary>
    public string Name { get; }

    public PeerHostKind Kind { get; }

    /// <summary>Only of <see cref="PeerHostKind.Address"/>.</summary>
    public IPAddress? Address { get; }

    public bool IsOnion => Kind == PeerHostKind.Onion;

    /// <summary>The last two labels; of all bare addresses the same, empty text (protocol, "add_peer", rule 3).</summary>
    public string Domain => Kind == PeerHostKind.Address ? "" : string.Join('.', Name.Split('.')[^2..]);

    /// <returns>False for anything but a host name of two labels or more, an IP address, or a v3 .onion name.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerHost? host)
    {
        host = null;
        if (text.Length is 0 or > MaxNameLength) return false;
        ReadOnlySpan<char> lastLabel = text.AsSpan(text.LastIndexOf('.') + 1);
        // No top-level domain begins with a digit.
        if (text.Contains(':', StringComparison.Ordinal) || (lastLabel.Length > 0 && char.IsAsciiDigit(lastLabel[0])))
        {
            if (!TryParseAddress(text, out IPAddress? address)) return false;
            host = new PeerHost(address.ToString(), PeerHostKind.Address, address);
            return true;
        }

        string name = text.ToLowerInvariant();
        string[] labels = name.Split('.');
        if (labels.Length < 2 || !labels.All(IsLabel) || LocalDomains.Contains(labels[^1])) return false;
        if (labels[^1] == "onion")
        {
            if (labels.Length != 2 || !IsOnionLabel(labels[0])) return false;
            host = new PeerHost(name, PeerHostKind.Onion);
            return true;
        }

        host = new PeerHost(name, PeerHostKind.Name);
        return true;
    }

    public bool Equals(PeerHost? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    /// <summary>Four decimal numbers, or IPv6 without a zone; none of the other spellings that some programs take.</summary>
    private static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address)) return false;
        address = address.Unmapped;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.ScopeId == 0 && text[0] != '['
            : text.Contains(':', StringComparison.Ordinal) || address.ToString() == text;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && label[0] != '-' && label[^1] != '-';

    private static bool IsOnionLabel(string label) => label.Length == OnionLabelLength && label.All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'));
}
