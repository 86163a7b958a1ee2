// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Electrum.Peers.Irc;

/// <summary>How this server shows itself in the channel (protocol, "IRC discovery of 2014").</summary>
/// <param name="Nick">Begins with the coin's prefix, which tells servers from people.</param>
/// <param name="RealName">Host and tokens, what others look for.</param>
internal sealed record IrcIdentity(string Prefix, string Nick, string RealName)
{
    private const int HashedBytes = 5;

    /// <param name="nick">The operator's part of the nick; empty: made from the host name.</param>
    /// <param name="version">Two numbers, such as <c>1.7</c>: others read it as a decimal fraction.</param>
    /// <param name="pruningLimit">0: everything is kept.</param>
    public static IrcIdentity For(string prefix, string nick, AdvertisedHost host, string version, int pruningLimit)
    {
        var text = new StringBuilder($"{host.Name} v{version} ");
        if (pruningLimit > 0) text.Append($"p{pruningLimit} ");
        // Networks cut real names at about 50 characters, so a default port is its letter alone.
        Append(text, 't', host.TcpPort, DefaultPorts.Tcp);
        Append(text, 'h', host.HttpPort, DefaultPorts.Http);
        Append(text, 's', host.TlsPort, DefaultPorts.Tls);
        Append(text, 'g', host.HttpTlsPort, DefaultPorts.HttpTls);
        return new IrcIdentity(prefix, prefix + (nick.Length > 0 ? nick : HashOf(host.Name)), text.ToString());
    }

    private static string HashOf(string hostName)
    {
        Hash256 hash = Sha256d.Hash(Encoding.UTF8.GetBytes(hostName));
        return Convert.ToHexStringLower(hash.Bytes[..HashedBytes]);
    }

    private static void Append(StringBuilder text, char letter, int? port, int defaultPort)
    {
        if (port is not { } number) return;
        text.Append(letter);
        if (number != defaultPort) text.Append(number);
        text.Append(' ');
    }
}
