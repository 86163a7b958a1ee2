// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Our own features dictionary (protocol, "Features dictionary").</summary>
internal static class FeaturesWriter
{
    /// <param name="hosts">In the order in which a peer should see them: it may look at the first only.</param>
    /// <param name="version">As agreed with the reader: <c>hash_function</c> is gone in 1.7.</param>
    public static void Write(ReplyWriter writer, ElectrumOptions options, IReadOnlyList<AdvertisedHost> hosts, ProtocolVersion version)
    {
        writer.Raw("{\"hosts\":{"u8);
        for (int i = 0; i < hosts.Count; i++)
        {
            if (i > 0) writer.Raw((byte)',');
            WriteHost(writer, hosts[i]);
        }

        writer.Raw("},\"genesis_hash\":"u8);
        writer.Hash(options.Coin.GenesisHash);
        if (version < ProtocolVersion.V1_7) writer.Raw(",\"hash_function\":\"sha256\""u8);
        writer.Raw(",\"server_version\":"u8);
        writer.String(options.ServerName);
        writer.Raw(",\"protocol_min\":"u8);
        writer.String(options.Protocol.Min.ToString());
        writer.Raw(",\"protocol_max\":"u8);
        writer.String(options.Protocol.Max.ToString());
        writer.Raw(",\"pruning\":"u8);
        if (options.PruningLimit > 0) writer.Integer(options.PruningLimit);
        else writer.Null();
        writer.Raw(",\"services\":["u8);
        bool isFirst = true;
        foreach (AdvertisedHost host in hosts)
        {
            WriteService(writer, "tcp", host.Name, host.TcpPort, ref isFirst);
            WriteService(writer, "ssl", host.Name, host.TlsPort, ref isFirst);
            WriteService(writer, "ws", host.Name, host.WebSocketPort, ref isFirst);
            WriteService(writer, "wss", host.Name, host.WebSocketTlsPort, ref isFirst);
        }

        writer.Raw("]}"u8);
    }

    /// <summary>The ports for lines are always there, null when not offered; those for WebSocket only when offered.</summary>
    private static void WriteHost(ReplyWriter writer, AdvertisedHost host)
    {
        writer.String(host.Name);
        writer.Raw(":{\"tcp_port\":"u8);
        WritePort(writer, host.TcpPort);
        writer.Raw(",\"ssl_port\":"u8);
        WritePort(writer, host.TlsPort);
        if (host.WebSocketPort is { } webSocket)
        {
            writer.Raw(",\"ws_port\":"u8);
            writer.Integer(webSocket);
        }

        if (host.WebSocketTlsPort is { } webSocketTls)
        {
            writer.Raw(",\"wss_port\":"u8);
            writer.Integer(webSocketTls);
        }

        writer.Raw((byte)'}');
    }

    private static void WritePort(ReplyWriter writer, int? port)
    {
        if (port is { } number) writer.Integer(number);
        else writer.Null();
    }

    private static void WriteService(ReplyWriter writer, string scheme, string host, int? port, ref bool isFirst)
    {
        if (port is not { } number) return;
        if (!isFirst) writer.Raw((byte)',');
        isFirst = false;
        bool needsBrackets = host.Contains(':', StringComparison.Ordinal);
        writer.String(needsBrackets ? $"{scheme}://[{host}]:{number}" : $"{scheme}://{host}:{number}");
    }
}
