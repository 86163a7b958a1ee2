// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Limits;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Who is at the other end, and how to hang up on it.</summary>
/// <param name="RemoteEndPoint">Null when the transport does not know.</param>
/// <param name="Abort">Ends the connection at once, with the reason for the log.</param>
internal sealed record ClientConnection(ElectrumTransport Transport, EndPoint? RemoteEndPoint, Action<string> Abort)
{
    /// <summary>A client that came over IPv4 has its IPv4 address, on whatever socket it came in.</summary>
    public IPAddress Address { get; } = RemoteEndPoint is IPEndPoint ip ? ip.Address.Unmapped : IPAddress.None;

    /// <summary>The place it has taken among the sessions; null when it is not one connection that makes the session.</summary>
    public AdmissionTicket? Admission { get; init; }

    /// <summary>What limits are logged by.</summary>
    public IPEndPoint EndPoint => new(Address, (RemoteEndPoint as IPEndPoint)?.Port ?? 0);

    /// <summary>Address and port, for logs.</summary>
    public string Peer => RemoteEndPoint switch
    {
        IPEndPoint ip => new IPEndPoint(Address, ip.Port).ToString(),
        null => "unknown",
        _ => RemoteEndPoint.ToString() ?? "unknown",
    };
}
