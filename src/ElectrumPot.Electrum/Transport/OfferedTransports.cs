// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Transport;

/// <summary>What a connection may speak on its port, once it is known whether it is encrypted.</summary>
internal sealed record OfferedTransports(bool IsEncrypted, bool Lines, bool WebSocket, bool Polling)
{
    public bool Http => WebSocket || Polling;

    public bool Any => Lines || Http;

    public static OfferedTransports On(IReadOnlyCollection<ElectrumTransport> port, bool isEncrypted) => new(
        isEncrypted,
        Lines: port.Contains(isEncrypted ? ElectrumTransport.Tls : ElectrumTransport.Tcp),
        WebSocket: port.Contains(isEncrypted ? ElectrumTransport.WebSocketTls : ElectrumTransport.WebSocket),
        Polling: port.Contains(isEncrypted ? ElectrumTransport.HttpTls : ElectrumTransport.Http));
}
