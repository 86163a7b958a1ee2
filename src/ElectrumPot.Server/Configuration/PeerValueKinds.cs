// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Net;
using ElectrumPot.Electrum.Peers;

namespace ElectrumPot.Server.Configuration;

/// <summary>A text that has to have a form; empty is always allowed and means none.</summary>
internal abstract class FormKind(string allowed) : ValueKind<string>
{
    public override string Allowed => $"{allowed}, or empty";

    public override bool TryParse(string text, out string value)
    {
        value = text;
        return IsOfForm(text);
    }

    public override bool TryParseEmpty(out string value)
    {
        value = "";
        return true;
    }

    public override string Format(string value) => value;

    protected abstract bool IsOfForm(string text);
}

/// <summary>Servers as <c>host t s50002</c>, separated by commas.</summary>
internal sealed class SeedsKind() : FormKind("servers such as 'electrum.example.org t s50002', separated by commas")
{
    public static IReadOnlyList<string> Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    protected override bool IsOfForm(string text) => Split(text).All(seed => PeerAnnouncement.TryParse(seed, out _));
}

internal sealed class OnionHostKind() : FormKind("a version 3 .onion name and its ports, such as 'NAME.onion t50001'")
{
    protected override bool IsOfForm(string text) => PeerAnnouncement.TryParse(text, out PeerAnnouncement? announcement) && announcement.Host.IsOnion;
}

internal sealed class ProxyKind() : FormKind("an address and a port, such as 127.0.0.1:9050")
{
    public static bool TryRead(string text, [NotNullWhen(true)] out EndPoint? endPoint)
    {
        endPoint = null;
        if (IPEndPoint.TryParse(text, out IPEndPoint? address) && address.Port > 0)
        {
            endPoint = address;
            return true;
        }

        int colon = text.LastIndexOf(':');
        if (colon <= 0 || Uri.CheckHostName(text[..colon]) != UriHostNameType.Dns) return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0) return false;
        endPoint = new DnsEndPoint(text[..colon], port);
        return true;
    }

    protected override bool IsOfForm(string text) => TryRead(text, out _);
}

internal sealed class IrcChannelKind() : FormKind("the name of a channel, such as #electrum-pot")
{
    private const int MaxLength = 50;

    public override bool TryParseEmpty(out string value)
    {
        value = "";
        return false;
    }

    protected override bool IsOfForm(string text) =>
        text.Length is > 1 and <= MaxLength && text[0] is '#' or '&' or '+' or '!' && text.All(c => c is > ' ' and <= '~' and not (',' or ':'));
}

/// <summary>The part of a nick after the coin's prefix.</summary>
internal sealed class IrcNickKind() : FormKind("letters, digits, '-' and '_', at most 24")
{
    private const int MaxLength = 24;

    protected override bool IsOfForm(string text) => text.Length <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
