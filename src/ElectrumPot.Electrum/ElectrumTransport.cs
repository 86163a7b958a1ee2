// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum;

/// <summary>How requests and replies travel (protocol, "Transports and default ports").</summary>
public enum ElectrumTransport
{
    /// <summary>Lines over TCP, the letter <c>t</c> of peer lists.</summary>
    Tcp,

    /// <summary>Lines over TLS, <c>s</c>.</summary>
    Tls,

    WebSocket,

    /// <summary>WebSocket over TLS.</summary>
    WebSocketTls,

    /// <summary>The polling of 2014, <c>h</c>.</summary>
    Http,

    /// <summary>The polling of 2014 over TLS, <c>g</c>.</summary>
    HttpTls,
}

public static class ElectrumTransportFacts
{
    extension(ElectrumTransport transport)
    {
        public bool IsEncrypted => transport is ElectrumTransport.Tls or ElectrumTransport.WebSocketTls or ElectrumTransport.HttpTls;

        /// <summary>Whether its connections begin with an HTTP request.</summary>
        public bool IsHttp => transport is not (ElectrumTransport.Tcp or ElectrumTransport.Tls);

        /// <summary>For logs and status: <c>tcp</c>, <c>tls</c>, <c>ws</c>, <c>wss</c>, <c>http</c>, <c>https</c>.</summary>
        public string Name => transport switch
        {
            ElectrumTransport.Tcp => "tcp",
            ElectrumTransport.Tls => "tls",
            ElectrumTransport.WebSocket => "ws",
            ElectrumTransport.WebSocketTls => "wss",
            ElectrumTransport.Http => "http",
            _ => "https",
        };
    }
}
