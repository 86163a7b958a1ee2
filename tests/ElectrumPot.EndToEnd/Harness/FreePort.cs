// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>
/// Loopback ports for processes that cannot choose one themselves. They lie below the range from which the kernel takes
/// the ports of outgoing connections, so that a port stays free while its process is down for a restart.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Next()
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            int port = Random.Shared.Next(First, End);
            if (IsFree(port) && Given.TryAdd(port, true)) return port;
        }

        throw new InvalidOperationException($"No free loopback port between {First} and {End}.");
    }

    /// <summary>The first of so many in a row.</summary>
    public static int NextOf(int count)
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            int first = Random.Shared.Next(First, End - count);
            int[] ports = [.. Enumerable.Range(first, count)];
            if (ports.All(port => IsFree(port) && !Given.ContainsKey(port)) && ports.All(port => Given.TryAdd(port, true))) return first;
        }

        throw new InvalidOperationException($"No {count} free loopback ports in a row between {First} and {End}.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
