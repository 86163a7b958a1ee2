// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Hosting;

/// <summary>The keys of one transport: the port it listens on, and the port as it is known outside.</summary>
internal sealed record TransportPorts(ElectrumTransport Transport, ConfigurationOption<int?> Port, ConfigurationOption<int?> Report)
{
    public static readonly IReadOnlyList<TransportPorts> All =
    [
        new(ElectrumTransport.Tcp, ServerSection.TcpPort, ServerSection.ReportTcpPort),
        new(ElectrumTransport.Tls, ServerSection.TlsPort, ServerSection.ReportTlsPort),
        new(ElectrumTransport.WebSocket, ServerSection.WebSocketPort, ServerSection.ReportWebSocketPort),
        new(ElectrumTransport.WebSocketTls, ServerSection.WebSocketTlsPort, ServerSection.ReportWebSocketTlsPort),
        new(ElectrumTransport.Http, ServerSection.HttpPort, ServerSection.ReportHttpPort),
        new(ElectrumTransport.HttpTls, ServerSection.HttpTlsPort, ServerSection.ReportHttpTlsPort),
    ];

    public static bool AnyIsEncrypted(ServerConfiguration configuration) =>
        All.Any(transport => transport.Transport.IsEncrypted && configuration.Get(transport.Port) is not null);

    /// <summary>As wallets outside reach it; null when it is off.</summary>
    public static int? Reported(ServerConfiguration configuration, ElectrumTransport transport)
    {
        TransportPorts ports = All.Single(ports => ports.Transport == transport);
        return configuration.Get(ports.Port) is { } port ? configuration.Get(ports.Report) ?? port : null;
    }
}
