// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Limits;

namespace ElectrumPot.Electrum.Transport;

/// <summary>Whom an HTTP proxy speaks for: the header <c>X-Forwarded-For</c>, believed only from trusted proxies.</summary>
internal static class ForwardedFor
{
    /// <summary>
    /// Each proxy appends whom it heard from, so the rightmost address that is no trusted proxy is the client. What
    /// stands left of it is the client's own invention.
    /// </summary>
    /// <param name="connection">Where the connection comes from.</param>
    /// <param name="header">The values of the header in their order.</param>
    public static IPEndPoint FindClient(IPEndPoint connection, IEnumerable<string?> header, AddressList trustedProxies)
    {
        if (!trustedProxies.Contains(connection.Address)) return connection;
        IPEndPoint client = connection;
        foreach (string entry in header.SelectMany(value => (value ?? "").Split(',')).Reverse())
        {
            if (!TryRead(entry.Trim(), out IPEndPoint? hop)) break;
            client = hop!;
            if (!trustedProxies.Contains(client.Address)) break;
        }

        return client;
    }

    /// <summary>An address; some proxies add the port.</summary>
    private static bool TryRead(string text, out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (!text.AsSpan().ContainsAny('.', ':') || !IPEndPoint.TryParse(text, out endPoint)) return false;
        endPoint.Address = endPoint.Address.Unmapped;
        return true;
    }
}
