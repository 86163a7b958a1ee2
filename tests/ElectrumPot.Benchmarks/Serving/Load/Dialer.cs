// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Opens connections to a server on this machine and says hello.</summary>
internal sealed class Dialer(int tcpPort, int tlsPort)
{
    /// <summary>Made once: nothing of it is of one connection. A session that is taken up again would cost the server less than a wallet does.</summary>
    private static readonly SslClientAuthenticationOptions Tls = new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        AllowTlsResume = false,
    };

    /// <exception cref="IOException">Refused, or the handshake failed.</exception>
    public async Task<Stream> OpenAsync(bool tls, CancellationToken cancellation)
    {
        Stream stream = await ConnectAsync(tls ? tlsPort : tcpPort, cancellation);
        try
        {
            if (tls)
            {
                var encrypted = new SslStream(stream);
                stream = encrypted;
                await encrypted.AuthenticateAsClientAsync(Tls, cancellation);
            }

            await HelloAsync(stream, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task<Stream> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"the server cannot be reached at port {port}: {refused.Message}", refused);
        }
    }

    private static async Task HelloAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server.version\",\"params\":[\"bench\",\"1.4\"]}\n"u8.ToArray(), cancellation);
        byte[] reply = new byte[512];
        int filled = 0;
        while (filled == 0 || reply[filled - 1] != (byte)'\n')
        {
            int received = await stream.ReadAsync(reply.AsMemory(filled), cancellation);
            if (received == 0) throw new IOException("the server closed a new connection");
            filled += received;
        }

        if (reply.AsSpan(0, filled).IndexOf("\"result\":"u8) < 0)
            throw new IOException($"the server does not greet: {Encoding.UTF8.GetString(reply, 0, filled)}");
    }
}
