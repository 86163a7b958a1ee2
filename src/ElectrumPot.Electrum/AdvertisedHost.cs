// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum;

/// <summary>A name under which the server is known outside, with its ports there; null where a transport is not offered.</summary>
public sealed record AdvertisedHost(string Name)
{
    public int? TcpPort { get; init; }

    public int? TlsPort { get; init; }

    public int? WebSocketPort { get; init; }

    public int? WebSocketTlsPort { get; init; }

    public int? HttpPort { get; init; }

    public int? HttpTlsPort { get; init; }
}
