// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.Daemon;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class ConnectionResetTests
{
    /// <summary>A daemon that is killed resets its connections, at any point of an exchange.</summary>
    [Fact]
    public async Task A_reset_connection_is_a_daemon_that_is_away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task killing = KillConnectionsAsync(listener);
        var options = new DaemonOptions
        {
            Endpoints = [new DaemonEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "user", "password")],
            MinBackOff = TimeSpan.FromMilliseconds(1),
            MaxBackOff = TimeSpan.FromMilliseconds(1),
        };
        await using var client = new DaemonClient(options, TestClient.Potcoin, NullLogger<DaemonClient>.Instance, TimeProvider.System);
        for (int i = 0; i < 150; i++)
        {
            await Should.ThrowAsync<DaemonUnavailableException>(() => client.GetTipAsync(TestClient.Cancel));
            await client.WaitForRetryAsync(TestClient.Cancel);
        }

        listener.Stop();
        await killing;
    }

    private static async Task KillConnectionsAsync(TcpListener listener)
    {
        byte[] request = new byte[4096];
        byte[] half = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: application/json\r\n\r\n[{"u8.ToArray();
        for (int i = 0; ; i++)
        {
            try
            {
                using Socket socket = await listener.AcceptSocketAsync();
                socket.LingerState = new LingerOption(true, 0);
                if (i % 3 > 0) await socket.ReceiveAsync(request);
                if (i % 3 > 1) await socket.SendAsync(half);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                if (!listener.Server.IsBound) return;
            }
        }
    }
}
