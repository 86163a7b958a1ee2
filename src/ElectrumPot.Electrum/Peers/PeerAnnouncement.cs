// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Somebody's claim that a server is there. Nothing is known to be true of it but its form.</summary>
public sealed record PeerAnnouncement(PeerHost Host, PeerPorts Ports)
{
    /// <summary>Reads the form of a seed or of an IRC member's real name: <c>host v1.4 s t50001</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerAnnouncement? announcement)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        announcement = null;
        return words.Length > 0 && TryParse(words[0], words.Skip(1), out announcement);
    }

    /// <param name="host">As somebody else wrote it.</param>
    /// <param name="tokens">Version, pruning and ports (protocol, "Tokens").</param>
    /// <param name="announcement">Null when host or ports are not valid.</param>
    public static bool TryParse(string host, IEnumerable<string> tokens, [NotNullWhen(true)] out PeerAnnouncement? announcement)
    {
        announcement = PeerHost.TryParse(host, out PeerHost? parsed) && PeerPorts.TryParse(tokens, out PeerPorts ports)
            ? new PeerAnnouncement(parsed, ports)
            : null;
        return announcement is not null;
    }

    public override string ToString() => $"{Host} {Ports}";
}
