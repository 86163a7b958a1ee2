// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;

namespace ElectrumPot.Electrum.Peers;

/// <summary>The ports that a letter alone means in a list of peers (protocol, "Tokens").</summary>
public static class DefaultPorts
{
    public const int Tcp = 50001;
    public const int Tls = 50002;
    public const int Http = 8081;
    public const int HttpTls = 8082;
}

/// <summary>Where a peer answers; null where it does not.</summary>
public readonly record struct PeerPorts(int? Tcp, int? Tls)
{
    /// <summary>Wallets drop a peer that has neither.</summary>
    public bool IsUsable => Tcp is not null || Tls is not null;

    /// <summary>
    /// Reads the tokens of a list of peers: <c>t</c> and <c>s</c>, with or without a number. Others are passed over.
    /// </summary>
    /// <returns>False when a port is none: such a peer is better left out, for it can cost a wallet the whole list.</returns>
    public static bool TryParse(IEnumerable<string> tokens, out PeerPorts ports)
    {
        ports = default;
        foreach (string token in tokens)
        {
            if (token.Length == 0 || token[0] is not ('t' or 's')) continue;
            if (!TryParsePort(token, out int port)) return false;
            ports = token[0] == 't' ? ports with { Tcp = port } : ports with { Tls = port };
        }

        return ports.IsUsable;
    }

    public static bool IsPort(int number) => number is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort;

    public override string ToString() =>
        string.Join(' ', new[] { Tcp is { } tcp ? $"t{tcp}" : "", Tls is { } tls ? $"s{tls}" : "" }.Where(token => token.Length > 0));

    private static bool TryParsePort(string token, out int port)
    {
        port = token[0] == 't' ? DefaultPorts.Tcp : DefaultPorts.Tls;
        return token.Length == 1
            || (int.TryParse(token.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && IsPort(port));
    }
}
