// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;

namespace ElectrumPot.Tests.Daemon;

/// <summary>A port on which nobody listens and which nobody else can take; a daemon may open it later.</summary>
internal sealed class ReservedPort : IDisposable
{
    public ReservedPort() => Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public int Port => ((IPEndPoint)Socket.LocalEndPoint!).Port;

    public void Dispose() => Socket.Dispose();
}
