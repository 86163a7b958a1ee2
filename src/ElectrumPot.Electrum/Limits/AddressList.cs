// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Electrum.Limits;

/// <summary>Addresses and networks, as an operator lists them: <c>192.0.2.7, 10.0.0.0/8, 2001:db8::/32</c>.</summary>
public sealed class AddressList : IEquatable<AddressList>
{
    private readonly IPNetwork[] _networks;

    private AddressList(IPNetwork[] networks, string text)
    {
        _networks = networks;
        Text = text;
    }

    public static AddressList Empty { get; } = new([], "");

    public static AddressList Loopback { get; } = Parse("127.0.0.0/8, ::1");

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool IsEmpty => _networks.Length == 0;

    /// <exception cref="FormatException"/>
    public static AddressList Parse(string text) =>
        TryParse(text, out AddressList? list) ? list : throw new FormatException($"'{text}' is not a list of addresses and networks.");

    /// <param name="text">Entries with commas or white space between them; may be empty.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressList? list)
    {
        list = null;
        string[] entries = text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var networks = new IPNetwork[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            if (!TryParseEntry(entries[i], out networks[i])) return false;
        }

        list = new AddressList(networks, string.Join(", ", entries));
        return true;
    }

    public bool Contains(IPAddress address)
    {
        address = address.Unmapped;
        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }

    public bool Equals(AddressList? other) => other?.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as AddressList);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static bool TryParseEntry(string entry, out IPNetwork network)
    {
        if (IPNetwork.TryParse(entry, out network)) return true;
        // "1" is an address to the parser of addresses, but never what an operator means.
        if (!entry.AsSpan().ContainsAny('.', ':') || !IPAddress.TryParse(entry, out IPAddress? address)) return false;
        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
