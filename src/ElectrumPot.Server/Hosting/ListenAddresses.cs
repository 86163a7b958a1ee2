// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ElectrumPot.Electrum;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Hosting;

/// <summary>Where the configuration wants the server to listen, and whether it can.</summary>
internal static class ListenAddresses
{
    /// <summary>One endpoint for each transport and address; those of transports that share a port have the same address.</summary>
    /// <exception cref="ConfigurationException">There is none, or the admin port is among them.</exception>
    public static IReadOnlyList<ElectrumEndpoint> Find(ServerConfiguration configuration)
    {
        IReadOnlyList<IPAddress> addresses = Resolve(configuration.Get(ServerSection.Host));
        var endpoints = new List<ElectrumEndpoint>();
        foreach ((ElectrumTransport transport, ConfigurationOption<int?> key, _) in TransportPorts.All)
        {
            if (configuration.Get(key) is not { } port) continue;
            if (port == configuration.Get(AdminSection.Port))
                throw new ConfigurationException($"{configuration.File}: {key} and {AdminSection.Port} are both {port}; only wallets may share a port");
            endpoints.AddRange(addresses.Select(address => new ElectrumEndpoint(transport, new IPEndPoint(address, port))));
        }

        return endpoints.Count > 0
            ? endpoints
            : throw new ConfigurationException(
                $"{configuration.File}: {string.Join(", ", TransportPorts.All.Select(ports => ports.Port.Key))} are all off; give at least one, or no wallet can connect");
    }

    /// <summary>Each port once, with the keys that name it.</summary>
    public static IEnumerable<(IPEndPoint Address, string Keys)> DistinctPorts(IReadOnlyList<ElectrumEndpoint> endpoints) =>
        endpoints.GroupBy(endpoint => endpoint.Address).Select(port =>
            (port.Key, string.Join(" and ", port.Select(endpoint => TransportPorts.All.Single(ports => ports.Transport == endpoint.Transport).Port))));

    /// <summary>
    /// A name other than localhost does not say which interface it is reached through: behind a router it is not even an
    /// address of this machine, and /etc/hosts often maps it to the loopback. So it means all interfaces.
    /// </summary>
    public static IReadOnlyList<IPAddress> Resolve(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)) return [address];
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.Length == 0)
            return CanBind(IPAddress.IPv6Loopback) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        // Takes IPv4 connections as well.
        return CanBind(IPAddress.IPv6Any) ? [IPAddress.IPv6Any] : [IPAddress.Any];
    }

    /// <summary>
    /// Tries a port and lets it go again: after hours of import is no time to learn that the port is taken.
    /// </summary>
    /// <param name="key">The key that names the port, for the message.</param>
    /// <exception cref="CommandFailure">The port cannot be opened.</exception>
    public static void Probe(IPEndPoint endpoint, string key)
    {
        try
        {
            Bind(endpoint);
        }
        catch (SocketException failure)
        {
            throw new CommandFailure(ExitCode.CannotStart, Explain(endpoint, key, failure), failure);
        }
    }

    private static string Explain(IPEndPoint endpoint, string key, SocketException failure)
    {
        string port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return failure.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"port {port} on {endpoint.Address} is taken by another program (find it with: ss -ltnp 'sport = :{port}'); stop that one or change {key}",
            SocketError.AccessDenied => $"port {port} may not be opened: ports below 1024 need the capability CAP_NET_BIND_SERVICE; change {key} to a higher one",
            SocketError.AddressNotAvailable => $"{endpoint.Address} is no address of this machine; change [server] host",
            _ => $"port {port} on {endpoint.Address} cannot be opened: {failure.Message}; check {key} and [server] host",
        };
    }

    private static bool CanBind(IPAddress address)
    {
        try
        {
            Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Bind(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        socket.Bind(endpoint);
        socket.Listen(1);
    }
}
